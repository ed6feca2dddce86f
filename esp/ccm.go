package esp

import (
	"crypto/subtle"
	"encoding/binary"
)

// openCCM opens CCM (RFC 4309; RFC 3610 with a length field of four octets):
// a nonce of three octets of salt and the IV.
func (e *engine) openCCM(dst, aad, iv, data, icv []byte) ([]byte, error) {
	start := len(dst)
	dst = append(dst, data...)
	plain := dst[start:]

	e.firstCCM(iv)
	e.block.Encrypt(e.sum[:16], e.count[:])
	var mask [16]byte
	copy(mask[:], e.sum[:])
	e.counter(plain)

	// The MAC's first block: flags with the tag's length, nonce, length.
	x := e.count
	x[0] = 0x40 | byte(len(icv)-2)/2<<3 | 3
	binary.BigEndian.PutUint32(x[12:], uint32(len(data)))
	copy(e.sum[:], x[:])
	e.block.Encrypt(e.sum[:16], e.sum[:16])
	// Additional data stands behind its length in two octets.
	e.buffer = append(binary.BigEndian.AppendUint16(e.buffer[:0], uint16(len(aad))), aad...)
	e.chainCCM(e.buffer)
	e.chainCCM(plain)
	for i := range mask {
		e.sum[i] ^= mask[i]
	}
	if subtle.ConstantTimeCompare(e.sum[:len(icv)], icv) != 1 {
		clear(plain)
		return nil, ErrICV
	}
	return dst, nil
}

// firstCCM sets up the counter blocks: flags, nonce, counter. Counter 0 masks
// the tag.
func (e *engine) firstCCM(iv []byte) {
	e.count = [16]byte{3}
	copy(e.count[1:], e.salt[:3])
	copy(e.count[4:], iv)
}

// chainCCM runs octets, padded with zeros, through the CBC-MAC in e.sum.
func (e *engine) chainCCM(b []byte) {
	for len(b) > 0 {
		n := min(len(b), 16)
		for i, c := range b[:n] {
			e.sum[i] ^= c
		}
		e.block.Encrypt(e.sum[:16], e.sum[:16])
		b = b[n:]
	}
}

// counter decrypts b in place with the counter blocks from 1 on.
func (e *engine) counter(b []byte) {
	for n := uint32(1); len(b) > 0; n++ {
		binary.BigEndian.PutUint32(e.count[12:], n)
		e.block.Encrypt(e.sum[:16], e.count[:])
		c := min(len(b), 16)
		for i := range b[:c] {
			b[i] ^= e.sum[i]
		}
		b = b[c:]
	}
	binary.BigEndian.PutUint32(e.count[12:], 0)
}
