package isakmp
import ("testing";"time";"encoding/binary")
//go:noinline
func walk2(b []byte) int {
	if len(b) < HeaderLen { return -1 }
	next := b[16]
	if int(binary.BigEndian.Uint32(b[24:])) != len(b) { return -1 }
	b = b[28:]
	k := 0
	for next != 0 {
		if len(b) < 4 { return -1 }
		n := int(binary.BigEndian.Uint16(b[2:]))
		if n < 4 || n > len(b) { return -1 }
		next = b[0]
		b = b[n:]
		k++
	}
	return k
}
//go:noinline
func walk3(h *Header, b []byte) int {
	if h.Decode(b) != nil || int(h.Length) != len(b) { return -1 }
	b = b[28:]
	k := 0
	next := h.NextPayload
	for next != 0 {
		if len(b) < 4 { return -1 }
		n := int(binary.BigEndian.Uint16(b[2:]))
		if n < 4 || n > len(b) { return -1 }
		next = PayloadType(b[0])
		b = b[n:]
		k++
	}
	return k
}
func TestZY(t *testing.T){
	msg:=mainMode1(1); var h Header
	best:=func(f func()) time.Duration { b:=time.Duration(1<<60); for range 200 { s:=time.Now(); for range 2000 {f()}; b=min(b,time.Since(s)) }; return b/2 }
	t.Log("walk",best(func(){walk(&h,msg)}))
	t.Log("walk2",best(func(){walk2(msg)}))
	t.Log("walk3",best(func(){walk3(&h,msg)}))
	dst := make([]byte, 200)
	t.Log("copy",best(func(){copy(dst, msg)}))
}
