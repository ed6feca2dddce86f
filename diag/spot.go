package diag

import "encoding/binary"

// A spot is a Where in eight octets, for keeping and for comparing: a frame or a
// line, and the index. It is not 0.
type spot uint64

const (
	spotSet    spot = 1
	spotIndex  spot = 1 << 23 // how many there may be of one line or frame
	spotUnit        = 2 * spotIndex
	spotFramed spot = 1 << 63
	spotUnits       = spotFramed / spotUnit
)

// spot keeps what is not below 0 and within those bounds, of a frame and a line
// the frame: no source has both.
func (w Where) spot() spot {
	p, unit := spotSet|min(spot(max(w.Index, 0)), spotIndex-1)<<1, w.Line
	if w.Frame != 0 {
		p, unit = p|spotFramed, w.Frame
	}
	return p | min(spot(max(unit, 0)), spotUnits-1)*spotUnit
}

// unit returns the line or the frame.
func (p spot) unit() int { return int(p &^ spotFramed / spotUnit) }

// framed reports whether that is a frame.
func (p spot) framed() bool { return p&spotFramed != 0 }

func (p spot) where() Where {
	w := Where{Index: int(p >> 1 & (spotIndex - 1))}
	if p.framed() {
		w.Frame = p.unit()
	} else {
		w.Line = p.unit()
	}
	return w
}

// later moves to a spot, unless that is before it.
func (p *spot) later(at spot) bool {
	if at < *p {
		return false
	}
	*p = at
	return true
}

// append writes a place, by its distance from another one.
func (p spot) append(b []byte, from spot) []byte {
	b = binary.AppendVarint(b, int64(p/spotUnit-from/spotUnit))
	return binary.AppendUvarint(b, uint64(p%spotUnit))
}

func (p *spot) read(c *cursor, from spot) {
	*p = (from/spotUnit+spot(c.int()))*spotUnit + spot(c.uint())
}
