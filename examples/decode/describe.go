package main

import (
	"fmt"
	"strings"

	"github.com/ikediag/ikediag/isakmp"
)

// describe renders payload i of a message in a few words, and for an SA payload
// a line more for each transform. What a peer wrote is rendered by the isakmp
// package, which makes it printable and short; attributes of mode config may be
// passwords, so that only their names are shown.
func describe(m *isakmp.Message, i int) []string {
	p := &m.Payloads[i]
	name := p.Type.String()
	v2 := m.Version.Major() == 2
	switch p.Type {
	case isakmp.PayloadSA, isakmp.PayloadV2SA:
		lines := []string{name}
		for k := range m.SAs {
			if m.SAs[k].Payload == i {
				lines = append(lines, describeSA(&m.SAs[k])...)
			}
		}
		return lines
	case isakmp.PayloadID, isakmp.PayloadV2IDi, isakmp.PayloadV2IDr:
		var id isakmp.ID
		if id.Decode(p.Body) == nil {
			return []string{name + " " + id.Type.String() + " " + id.String()}
		}
	case isakmp.PayloadNotify:
		var n isakmp.Notify
		if n.Decode(p.Body) == nil {
			return []string{name + " " + n.Type.String()}
		}
	case isakmp.PayloadV2Notify:
		var n isakmp.Notify
		if n.DecodeV2(p.Body) == nil {
			return []string{name + " " + isakmp.NotifyTypeV2(n.Type).String()}
		}
	case isakmp.PayloadDelete, isakmp.PayloadV2Delete:
		var d isakmp.Delete
		decode := d.Decode
		if v2 {
			decode = d.DecodeV2
		}
		if decode(p.Body) == nil {
			spis := ""
			for spi := range d.All() {
				spis += fmt.Sprintf(" %x", spi)
			}
			return []string{name + " " + d.Protocol.String() + spis}
		}
	case isakmp.PayloadVendorID, isakmp.PayloadV2VendorID:
		return []string{name + " " + isakmp.VendorID(p.Body).String()}
	case isakmp.PayloadAttribute:
		var c isakmp.Config
		if c.Decode(p.Body) == nil {
			line := name + " " + c.Type.String()
			for a := range c.Attributes.All() {
				line += " " + isakmp.ConfigAttribute(a.Class).String()
			}
			return []string{line}
		}
	case isakmp.PayloadFragment:
		var f isakmp.Fragment
		if f.Decode(p.Body) == nil {
			line := fmt.Sprintf("%s number %d of ID %d", name, f.Number, f.ID)
			if f.Last() {
				line += ", the last"
			}
			return []string{line}
		}
	}
	return []string{fmt.Sprintf("%s, %d bytes", name, len(p.Body))}
}

// describeSA renders each transform with the proposal that it belongs to.
func describeSA(s *isakmp.SA) []string {
	var lines []string
	for _, p := range s.Proposals {
		head := fmt.Sprintf("  proposal %d %s", p.Number, p.Protocol)
		if len(p.SPI) > 0 && len(p.SPI) <= 16 {
			head += fmt.Sprintf(" SPI %x", p.SPI)
		}
		for _, t := range p.Transforms {
			lines = append(lines, head+": "+describeTransform(s.V2, p.Protocol, &t))
		}
		if len(p.Transforms) == 0 {
			lines = append(lines, head)
		}
	}
	return lines
}

func describeTransform(v2 bool, protocol isakmp.ProtocolID, t *isakmp.Transform) string {
	var parts []string
	switch {
	case v2:
		parts = append(parts, fmt.Sprintf("%s %d", isakmp.TransformTypeV2(t.Number), t.ID))
	case protocol == isakmp.ProtocolESP:
		parts = append(parts, isakmp.ESPTransform(t.ID).String())
	case protocol == isakmp.ProtocolAH:
		parts = append(parts, isakmp.AHTransform(t.ID).String())
	case protocol == isakmp.ProtocolIPComp:
		parts = append(parts, isakmp.IPCompTransform(t.ID).String())
	}
	for _, a := range t.Attributes {
		switch {
		case v2:
			parts = append(parts, fmt.Sprintf("attribute %d = %s", a.Class, value(a)))
		case protocol == isakmp.ProtocolISAKMP:
			parts = append(parts, oakley(a))
		default:
			parts = append(parts, ipsec(a))
		}
	}
	return strings.Join(parts, ", ")
}

// value renders an attribute's number, or its octets where it is none.
func value(a isakmp.Attribute) string {
	if v, ok := a.Uint(); ok {
		return fmt.Sprint(v)
	}
	return fmt.Sprintf("%x", a.Value[:min(len(a.Value), 32)])
}

// oakley renders an attribute of phase 1.
func oakley(a isakmp.Attribute) string {
	class := isakmp.OakleyAttribute(a.Class)
	v, ok := a.Uint()
	if ok && v <= 0xffff {
		switch class {
		case isakmp.OakleyEncryption:
			return isakmp.CipherAlgorithm(v).String()
		case isakmp.OakleyHash:
			return isakmp.HashAlgorithm(v).String()
		case isakmp.OakleyAuth:
			return isakmp.AuthMethod(v).String()
		case isakmp.OakleyGroup:
			return isakmp.Group(v).String()
		case isakmp.OakleyLifeType:
			return class.String() + " " + isakmp.LifeType(v).String()
		}
	}
	return class.String() + " " + value(a)
}

// ipsec renders an attribute of phase 2.
func ipsec(a isakmp.Attribute) string {
	class := isakmp.IPsecAttribute(a.Class)
	v, ok := a.Uint()
	if ok && v <= 0xffff {
		switch class {
		case isakmp.IPsecGroup:
			return isakmp.Group(v).String()
		case isakmp.IPsecEncapsulation:
			return isakmp.EncapsulationMode(v).String()
		case isakmp.IPsecAuth:
			return isakmp.AuthAlgorithm(v).String()
		case isakmp.IPsecLifeType:
			return class.String() + " " + isakmp.LifeType(v).String()
		}
	}
	return class.String() + " " + value(a)
}

// flagNames lists the flags of a header.
func flagNames(h *isakmp.Header) []string {
	names := []string{}
	bits := [8]string{"encrypted", "commit", "authentication only"}
	if h.Version.Major() == 2 {
		bits = [8]string{3: "initiator", 4: "version", 5: "response"}
	}
	for i, name := range bits {
		if name != "" && h.Flags>>i&1 != 0 {
			names = append(names, name)
		}
	}
	return names
}
