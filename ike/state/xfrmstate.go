package state

import (
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/ikediag/ikediag/ike"
)

// What ip xfrm state prints, with -s or without: a line with both addresses,
// then indented lines. It prints keys.

func readXfrmState(p *parser) {
	defer func() {
		for i := range p.st.Kernel {
			sa := &p.st.Kernel[i]
			sa.Larval = sa.Larval || reserved(sa)
		}
	}()
	var cur *KernelSA
	for p.next() {
		f := strings.Fields(p.line)
		if len(f) == 0 {
			continue
		}
		if !indented(p.line) {
			cur = nil
			if f[0] != "src" || len(f) < 4 || f[2] != "dst" {
				p.unknown()
				continue
			}
			if !p.room() {
				continue
			}
			sa := KernelSA{Line: p.n}
			var okS, okD bool
			sa.Source, okS = address(f[1])
			sa.Destination, okD = address(f[3])
			if !okS || !okD {
				p.fail(p.n, ErrSyntax)
			}
			p.st.Kernel = append(p.st.Kernel, sa)
			cur = &p.st.Kernel[len(p.st.Kernel)-1]
			continue
		}
		if cur != nil && !xfrmStateLine(cur, f) {
			p.unknown()
		}
	}
}

// reserved reports whether an SA is an SPI that a daemon reserved for a
// negotiation under way: no algorithm, nothing passed, and a short life of
// which nothing is to be told before its end.
func reserved(sa *KernelSA) bool {
	return (sa.Protocol == ike.ProtocolESP || sa.Protocol == ike.ProtocolAH) && sa.Cipher == "" && sa.AEAD == "" && sa.Integrity == "" &&
		sa.Packets == 0 && sa.HardExpire.Known && !sa.SoftExpire.Known
}

// xfrmStateLine reads an indented line of an SA.
func xfrmStateLine(sa *KernelSA, f []string) bool {
	switch f[0] {
	case "proto":
		pairs(f, func(k, v string) bool {
			switch k {
			case "proto":
				sa.Protocol = xfrmProtocol(v)
			case "spi":
				sa.SPI = spiOf(v)
				sa.Larval = sa.SPI == 0
			case "reqid":
				sa.ReqID = mark32([]string{v})
			case "mode":
				sa.Mode, _ = ike.ParseMode(v)
			}
			return true
		})
	case "replay-window":
		xfrmWindow(sa, f)
	case "auth", "auth-trunc", "enc", "aead", "comp":
		xfrmAlgorithm(sa, f)
	case "encap":
		sa.Encap = true
		pairs(f[1:], func(k, v string) bool {
			n, _ := strconv.ParseUint(v, 10, 16)
			switch k {
			case "sport":
				sa.SourcePort = uint16(n)
			case "dport":
				sa.DestPort = uint16(n)
			}
			return true
		})
	case "anti-replay":
		xfrmSequence(sa, f)
	case "limit:", "expire":
		xfrmExpire(sa, f)
	case "add":
		xfrmTimes(sa, f)
	case "mark":
		sa.Mark = mark32(f[1:])
	case "if_id":
		sa.IfID = mark32(f[1:])
	case "dir":
		sa.Dir = direction(strings.Join(f[1:], ""))
	case "sel":
		sa.Selector = strings.Join(f[1:], " ")
	case "seq-hi":
		xfrmSequence(sa, f)
	case "replay_window":
		if len(f) < 2 {
			return false
		}
		n, _ := strconv.ParseUint(strings.TrimSuffix(f[1], ","), 10, 32)
		sa.ReplayWindow = uint32(n)
	case "lifetime", "stats:", "lastused", "output-mark", "crypto", "security", "offload", "tfcpad", "coa", "pcpu-num":
	default:
		return xfrmCounts(sa, f) || isBitmap(f)
	}
	return true
}

// isBitmap recognises a line of a replay window's bitmap.
func isBitmap(f []string) bool {
	for _, w := range f {
		if _, err := strconv.ParseUint(w, 16, 32); err != nil || len(w) != 8 {
			return false
		}
	}
	return true
}

// xfrmWindow reads both lines that begin with replay-window: the SA's own,
// with its flags, and that of the statistics.
func xfrmWindow(sa *KernelSA, f []string) {
	var n [3]uint64
	statistics := len(f) == 6 && f[2] == "replay" && f[4] == "failed"
	if statistics {
		for i := range n {
			n[i], _ = strconv.ParseUint(f[2*i+1], 10, 64)
		}
		sa.OutsideWindow, sa.Replayed, sa.Failed = n[0], n[1], n[2]
		return
	}
	if len(f) > 1 {
		n[0], _ = strconv.ParseUint(f[1], 10, 32)
		sa.ReplayWindow = uint32(n[0])
	}
	for i, w := range f {
		if w != "flag" {
			continue
		}
		for _, flag := range f[i+1:] {
			if flag[0] == '(' {
				break
			}
			sa.Flags = append(sa.Flags, flag)
			sa.ESN = sa.ESN || flag == "esn"
		}
		return
	}
}

// xfrmAlgorithm reads "auth-trunc hmac(sha256) 0x… (256 bits) 128" and the
// like. The key may be hidden.
func xfrmAlgorithm(sa *KernelSA, f []string) {
	if len(f) < 2 {
		return
	}
	name := f[1]
	var secret ike.Secret
	bits, trunc := 0, 0
	for i, w := range f[2:] {
		digits, isKey := strings.CutPrefix(w, "0x")
		n, err := strconv.Atoi(strings.TrimPrefix(w, "("))
		switch {
		case isKey && i == 0:
			if b, err := hex.DecodeString(digits); err == nil {
				secret = ike.NewSecret(b)
			}
		case err != nil: // "bits)", or the words for a hidden key
		case w[0] == '(':
			bits = n
		default:
			trunc = n
		}
	}
	switch f[0] {
	case "enc":
		sa.Cipher, sa.CipherKey, sa.CipherBits = name, secret, bits
	case "aead":
		sa.AEAD, sa.CipherKey, sa.CipherBits, sa.TruncBits = name, secret, bits, trunc
	case "auth", "auth-trunc":
		sa.Integrity, sa.IntegrityKey, sa.IntegrityBits, sa.TruncBits = name, secret, bits, trunc
	}
}

// xfrmSequence reads "anti-replay context: seq 0x0, oseq 0x3, bitmap 0x0", and
// the form for windows beyond 32 packets, which has the high halves of
// extended sequence numbers whether or not they are in use.
func xfrmSequence(sa *KernelSA, f []string) {
	var high [2]uint64
	for i := 0; i+1 < len(f); i++ {
		n, err := strconv.ParseUint(strings.TrimSuffix(f[i+1], ","), 0, 32)
		if err != nil {
			continue
		}
		switch f[i] {
		case "seq":
			sa.SeqIn = n
		case "oseq":
			sa.SeqOut = n
		case "seq-hi", "seq_hi":
			high[0] = n
		case "oseq-hi", "oseq_hi":
			high[1] = n
		}
	}
	sa.SeqIn |= high[0] << 32
	sa.SeqOut |= high[1] << 32
}

// xfrmExpire reads "expire add: soft 3527(sec), hard 3960(sec)". A soft
// lifetime that is shorter than nothing wraps around in the kernel: it says
// that rekeying was due from the start.
func xfrmExpire(sa *KernelSA, f []string) {
	if len(f) != 6 || f[0] != "expire" || f[1] != "add:" {
		return
	}
	sa.SoftExpire, sa.HardExpire = kernelSpan(f[3]), kernelSpan(f[5])
}

func kernelSpan(s string) Span {
	s, _, _ = strings.Cut(s, "(")
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || n == 0 {
		return Span{}
	}
	if d := int64(n); d <= maxSeconds && d >= -maxSeconds {
		return Span{Known: true, D: time.Duration(d) * time.Second, Unit: time.Second}
	}
	return Span{}
}

// xfrmTimes reads "add 2026-11-21 03:03:55 use -".
func xfrmTimes(sa *KernelSA, f []string) {
	for i := range f {
		if i+2 >= len(f) {
			return
		}
		t, err := time.Parse(time.DateTime, f[i+1]+" "+f[i+2])
		if err != nil {
			continue
		}
		switch f[i] {
		case "add":
			sa.Added = t
		case "use":
			sa.Used = t
		}
	}
}

// xfrmCounts reads "252(bytes), 3(packets)".
func xfrmCounts(sa *KernelSA, f []string) bool {
	if len(f) != 2 {
		return false
	}
	b, okB := strings.CutSuffix(f[0], "(bytes),")
	n, okN := strings.CutSuffix(f[1], "(packets)")
	if !okB || !okN {
		return false
	}
	sa.Bytes, _ = strconv.ParseUint(b, 10, 64)
	sa.Packets, _ = strconv.ParseUint(n, 10, 64)
	sa.Counted = true
	return true
}
