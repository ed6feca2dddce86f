package observe

import (
	"bytes"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/logparse"
)

// agreed observes what was agreed on, as the line says that tells that an SA
// is up:
//
//	{auth=PRESHARED_KEY cipher=AES_CBC_256 integ=HMAC_SHA2_256 group=MODP2048}
//	{ESP=>0x1 <0x2 xfrm=AES_CBC_128-HMAC_SHA1_96 DPD=passive}
func (l *Log) agreed(e *logparse.Event) {
	text, ok := e.ProposalsText(logparse.Selected)
	if !ok {
		return
	}
	if i := bytes.Index(text, []byte("xfrm=")); i > 0 {
		text = text[i:] // the SPIs stand before it, which are others each time
	}
	list, known := l.remembered().agreed.of(text)
	if !known {
		*list = agreement(text)
	}
	if len(*list) == 0 {
		return
	}
	l.body.offer = diag.Offer{By: diag.Self, Role: diag.Chosen, Phase2: (*list)[0].Protocol != ike.ProtocolIKE, Proposals: *list}
	l.send(e, &l.body.offer)
}

// agreement reads a proposal in the words of such a line.
func agreement(text []byte) []ike.Proposal {
	p := ike.Proposal{Protocol: ike.ProtocolIKE}
	for f := range bytes.FieldsSeq(bytes.TrimRight(text, "}")) {
		name, value, ok := bytes.Cut(f, []byte("="))
		if !ok {
			continue
		}
		switch string(name) {
		case "auth":
			if m, ok := ike.ParseAuthMethod(value); ok {
				p.Auth = []ike.AuthMethod{m}
			}
		case "cipher":
			addCipher(&p, value)
		case "integ", "prf":
			if i, ok := ike.ParseIntegrity(value); ok {
				p.Integrity = []ike.Integrity{i}
			}
		case "group":
			if g, ok := ike.ParseGroup(value); ok {
				p.Groups = []ike.Group{g}
			}
		case "xfrm":
			p.Protocol = ike.ProtocolESP
			cipher, integrity, _ := bytes.Cut(value, []byte("-"))
			addCipher(&p, cipher)
			if i, ok := ike.ParseIntegrity(integrity); ok {
				p.Integrity = []ike.Integrity{i}
			}
		}
	}
	if len(p.Ciphers) == 0 {
		return nil // such as AH, whose words are others
	}
	return []ike.Proposal{p}
}

// declined observes the transform of the peer's that a line says is refused:
//
//	AES_CBC (256), HMAC_SHA2_256, MODP2048
func (l *Log) declined(e *logparse.Event) diag.Body {
	text, ok := e.ProposalsText(logparse.Offered)
	if !ok {
		return nil
	}
	p := ike.Proposal{Protocol: ike.ProtocolIKE}
	for i, f := range bytes.SplitN(text[:min(len(text), 256)], []byte(","), 3) {
		f = bytes.TrimSpace(f)
		switch i {
		case 0:
			name, bits, ok := bytes.Cut(bytes.TrimSuffix(f, []byte(")")), []byte(" ("))
			if ok {
				name = append(append(bytes.Clone(name), '_'), bits...)
			}
			addCipher(&p, name)
		case 1:
			if v, ok := ike.ParseIntegrity(f); ok {
				p.Integrity = []ike.Integrity{v}
			}
		case 2:
			if v, ok := ike.ParseGroup(f); ok {
				p.Groups = []ike.Group{v}
			}
		}
	}
	if len(p.Ciphers) == 0 {
		return nil
	}
	l.body.offer = diag.Offer{By: diag.Peer, Role: diag.Offered, Proposals: []ike.Proposal{p}}
	return &l.body.offer
}

func addCipher(p *ike.Proposal, name []byte) {
	if c, ok := ike.ParseCipher(name); ok {
		p.Ciphers = []ike.CipherKey{c}
	}
}
