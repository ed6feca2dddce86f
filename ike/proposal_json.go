package ike

import (
	"encoding/json"
	"strings"
)

// ProposalDetail is a Proposal as reports hold it. Where a kind has several
// alternatives they are joined by a comma and a blank, and KeyLength is that
// of all ciphers, or 0 where they differ.
type ProposalDetail struct {
	Text       string `json:"text"`                 // as strongSwan logs it
	Protocol   string `json:"protocol,omitempty"`   // IKE, AH, ESP, IPCOMP
	Encryption string `json:"encryption,omitempty"` // AES_CBC
	KeyLength  int    `json:"key_length,omitempty"` // in bits
	Hash       string `json:"hash,omitempty"`       // HMAC_SHA2_256_128
	PRF        string `json:"prf,omitempty"`        // PRF_HMAC_SHA2_256
	Group      string `json:"group,omitempty"`      // MODP_2048; none where that is stated
	Auth       string `json:"auth,omitempty"`       // PSK
	ESN        string `json:"esn,omitempty"`        // yes, no
	Mode       string `json:"mode,omitempty"`       // TUNNEL
	Open       string `json:"open,omitempty"`       // kinds left to the implementation
	Bundled    bool   `json:"bundled,omitempty"`    // applied together with the one before
	Default    bool   `json:"default,omitempty"`    // the implementation's own proposals
}

// Detail returns p as reports hold it.
func (p *Proposal) Detail() ProposalDetail {
	d := ProposalDetail{Text: p.String(), Bundled: p.Bundled, Default: p.Default}
	if p.Protocol != ProtocolNone {
		d.Protocol = p.Protocol.String()
	}
	var enc []string
	for i, c := range p.Ciphers {
		if i == 0 || enc[len(enc)-1] != c.Cipher.String() {
			enc = append(enc, c.Cipher.String())
		}
		if i == 0 {
			d.KeyLength = int(c.KeyBits)
		} else if d.KeyLength != int(c.KeyBits) {
			d.KeyLength = 0
		}
	}
	d.Encryption = p.joined(AttrEncryption, enc)
	d.Hash = p.joined(AttrHash, spell(p.Integrity, Integrity.String))
	d.PRF = p.joined(AttrPRF, spell(p.PRF, PRF.String))
	d.Group = p.joined(AttrGroup, spell(p.Groups, Group.String))
	d.Auth = p.joined(AttrAuth, spell(p.Auth, AuthMethod.String))
	d.ESN = p.joined(AttrESN, spell(p.ESN, yesNo))
	d.Mode = p.joined(AttrMode, spell(p.Modes, Mode.String))
	d.Open = strings.Join(spell(p.Open.Append(nil), Attribute.String), ", ")
	return d
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func spell[T any](list []T, name func(T) string) []string {
	out := make([]string, 0, len(list))
	for _, v := range list {
		out = append(out, name(v))
	}
	return out
}

// joined joins the names of a kind, known and unknown.
func (p *Proposal) joined(kind Attribute, names []string) string {
	for _, u := range p.Unknown {
		if u.Kind == kind {
			names = append(names, u.Name)
		}
	}
	return strings.Join(names, ", ")
}

// MarshalJSON returns the JSON form of Detail.
func (p Proposal) MarshalJSON() ([]byte, error) { return json.Marshal(p.Detail()) }

// UnmarshalJSON reads what MarshalJSON wrote: the text, and of the other
// members those that the text has no place for. The error is that of
// encoding/json; names that nobody knows are kept as Unknown.
func (p *Proposal) UnmarshalJSON(b []byte) error {
	var d ProposalDetail
	if err := json.Unmarshal(b, &d); err != nil {
		return err
	}
	*p = Proposal{Bundled: d.Bundled, Default: d.Default}
	p.Protocol, _ = ParseProtocol(d.Protocol)
	if !d.Default {
		if ps := AppendProposals(nil, d.Text, p.Protocol); len(ps) > 0 {
			ps[0].Bundled = d.Bundled
			*p = ps[0]
		}
	}
	for v := range strings.SplitSeq(d.Auth, ", ") {
		if v != "" {
			p.Add(AttrAuth, v, DialectAny)
		}
	}
	for v := range strings.SplitSeq(d.Mode, ", ") {
		if v != "" {
			p.Add(AttrMode, v, DialectAny)
		}
	}
	for v := range strings.SplitSeq(d.Open, ", ") {
		for a := AttrProtocol; a < attrCount; a++ {
			if v == a.String() {
				p.Open = p.Open.With(a)
			}
		}
	}
	return nil
}
