package main

import "golang.org/x/net/bpf"

// Offsets in a frame of Ethernet, and numbers of RFC 791 and 8200.
const (
	etherType = 12
	ip        = 14 // where the IP header begins

	typeIPv4 = 0x0800
	typeIPv6 = 0x86dd

	whole = 1 << 18
)

// protocols are those that a tunnel's fate hangs on: ICMP's errors, ESP, AH and,
// by their ports, IKE's UDP.
var protocols = []uint32{1, 50, 51, 58}

// ports are those of IKE, and of IKE and ESP behind a NAT (RFC 3948).
var ports = []uint32{500, 4500}

// filter lets pass what concerns IPsec, in IPv4 and IPv6: ICMP, ESP, AH, the
// ports of IKE, and all fragments but the first, which have no ports.
func filter() []bpf.Instruction {
	var b builder
	b.load(bpf.LoadAbsolute{Off: etherType, Size: 2})
	b.unless(typeIPv6, "IPv4")
	b.load(bpf.LoadAbsolute{Off: ip + 6, Size: 1})
	for _, p := range append(protocols, 44) { // 44: a fragment
		b.when(p, "pass")
	}
	b.unless(17, "drop")
	for _, at := range []uint32{ip + 40, ip + 42} {
		b.load(bpf.LoadAbsolute{Off: at, Size: 2})
		for _, p := range ports {
			b.when(p, "pass")
		}
	}
	b.always("drop")
	b.label("IPv4")
	b.unless(typeIPv4, "drop")
	b.load(bpf.LoadAbsolute{Off: ip + 9, Size: 1})
	for _, p := range protocols {
		b.when(p, "pass")
	}
	b.unless(17, "drop")
	b.load(bpf.LoadAbsolute{Off: ip + 6, Size: 2})
	b.bits(0x1fff, "pass") // a fragment that is not the first
	b.load(bpf.LoadMemShift{Off: ip})
	for _, at := range []uint32{ip, ip + 2} {
		b.load(bpf.LoadIndirect{Off: at, Size: 2})
		for _, p := range ports {
			b.when(p, "pass")
		}
	}
	b.label("drop")
	b.load(bpf.RetConstant{Val: 0})
	b.label("pass")
	b.load(bpf.RetConstant{Val: whole})
	return b.program()
}

// A builder writes a program whose jumps are to labels that come later.
type builder struct {
	out    []bpf.Instruction
	jumps  map[int]string // where the jump stands that goes to a label
	labels map[string]int
}

func (b *builder) load(i bpf.Instruction) { b.out = append(b.out, i) }

func (b *builder) jump(i bpf.Instruction, to string) {
	if b.jumps == nil {
		b.jumps = map[int]string{}
	}
	b.jumps[len(b.out)] = to
	b.load(i)
}

// when jumps where the value is v, unless where it is not, bits where it has
// one of these.
func (b *builder) when(v uint32, to string)   { b.jump(bpf.JumpIf{Cond: bpf.JumpEqual, Val: v}, to) }
func (b *builder) unless(v uint32, to string) { b.jump(bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: v}, to) }
func (b *builder) bits(mask uint32, to string) {
	b.jump(bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: mask}, to)
}
func (b *builder) always(to string) { b.jump(bpf.Jump{}, to) }

func (b *builder) label(name string) {
	if b.labels == nil {
		b.labels = map[string]int{}
	}
	b.labels[name] = len(b.out)
}

func (b *builder) program() []bpf.Instruction {
	for at, to := range b.jumps {
		skip := b.labels[to] - at - 1
		switch j := b.out[at].(type) {
		case bpf.JumpIf:
			j.SkipTrue = uint8(skip)
			b.out[at] = j
		case bpf.Jump:
			j.Skip = uint32(skip)
			b.out[at] = j
		}
	}
	return b.out
}
