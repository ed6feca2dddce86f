package config

import (
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Phase 2 of pfSense and OPNsense.

// pfSenseWords2 are the elements of a phase2 that have a field.
const pfSenseWords2 = "localid remoteid natlocalid encryption-algorithm-option hash-algorithm-option pfsgroup"

func (p *pfSense) child(c *Connection, n *element, i int, v6 bool) Child {
	k := Child{Name: c.Name, At: n.at, FirstOnly: true, Action: defaulted("mode", Protect), Start: c.Start}
	if name, ok := n.take("descr"); ok {
		k.Name = name.V
	} else if i > 0 {
		k.Name += "-" + strconv.Itoa(i)
	}
	mode, ok := n.take("mode")
	if !ok {
		mode = defaulted("mode", "tunnel")
	}
	k.Mode = spelt(mode, ike.ModeTunnel)
	switch mode.V {
	case "transport":
		k.Mode.V = ike.ModeTransport
		k.Local, k.Remote = dynamic("localid"), dynamic("remoteid")
	case "vti", "route-based":
		k.Routed = true
		all := everything(v6)
		k.Local = as(mode, []Selector{{Selector: all, Text: all.String()}})
		k.Remote = k.Local
		if k.Start.V == StartTrap { // there is nothing that traps
			k.Start.V = StartNow
		}
	default:
		p.networks(c, &k, n, mode.V == "tunnel6")
	}
	p.proposals2(&k, n)
	life := p.number(n, "lifetime", 3600)
	k.Lifetime.Life = life
	k.Lifetime.Rekey = p.number(n, "rekey_time", life.V/10*9)
	k.SHA256Bits96, k.IPComp = defaulted("sha256_96", false), defaulted("compression", false)
	k.ReplayWindow = defaulted("replay_window", uint32(32))
	k.DPDAction, k.CloseAction = defaulted("dpd_action", "trap"), defaulted("closeaction", "none")
	return k
}

// networks reads the two networks of a tunnel. Where the local one is
// translated its peer sees only what it becomes.
func (p *pfSense) networks(c *Connection, k *Child, n *element, v6 bool) {
	var ok bool
	if k.Local, ok = p.network(n, "localid", v6); !ok {
		k.Local = dynamic("localid")
	}
	if nat, ok := p.network(n, "natlocalid", v6); ok && !nat.V[0].Bad {
		k.Local = nat
	}
	if k.Remote, ok = p.network(n, "remoteid", v6); !ok {
		k.Remote = dynamic("remoteid")
	}
}

// proposals2 reads the ciphers, each of which goes with all the hashes, but for
// the combined modes, which go with none.
func (p *pfSense) proposals2(k *Child, n *element) {
	proto, _ := n.take("protocol")
	var hashes []string
	hash := Value[string]{Key: "hash-algorithm-option"}
	for _, h := range n.all("hash-algorithm-option") {
		h.taken = true
		for name := range strings.SplitSeq(h.text, ",") {
			if name != "" {
				hashes = append(hashes, name)
			}
		}
		if hash.Origin == Unset {
			hash.At, hash.Origin = h.at, Written
		}
	}
	hash.V = strings.Join(hashes, ", ")
	group, ok := n.take("pfsgroup")
	k.PFS = defaulted("pfsgroup", false)
	k.PFS.At = n.at
	if ok {
		k.PFS = spelt(group, group.V != "0" && group.V != "off")
	}
	var out Proposals
	var texts []string
	at := Value[string]{At: n.at, Key: "encryption-algorithm-option"}
	add := func(proto ike.Protocol, word string, cipher Value[string]) {
		if len(out.List) >= ike.MaxProposals {
			return
		}
		with := hashes
		if strings.Contains(word, "gcm") || strings.Contains(word, "ccm") || strings.Contains(word, "chacha") {
			with = nil
		}
		q := p.proposal(proto, word, with, cipher)
		p.groups(&q, group)
		out.List = append(out.List, q)
		out.Terms = append(out.Terms, Terms{ike.AttrEncryption: cipher, ike.AttrHash: hash, ike.AttrGroup: group})
		texts = append(texts, q.Config(ike.DialectPfSense))
		if at.Origin == Unset {
			at.At, at.Origin = cipher.At, Written
		}
	}
	if proto.V == "ah" {
		at.Key = hash.Key
		if len(hashes) > 0 {
			add(ike.ProtocolAH, "", hash)
		}
	} else {
		for _, e := range n.all("encryption-algorithm-option") {
			cipher, word := pfSenseCipher(e, "encryption-algorithm-option")
			switch {
			case cipher.Origin == Unset:
			case word == "aes" && strings.HasSuffix(cipher.V, " auto"):
				for _, bits := range []string{"256", "192", "128"} {
					add(ike.ProtocolESP, "aes"+bits, cipher)
				}
			default:
				add(ike.ProtocolESP, word, cipher)
			}
		}
	}
	if len(out.List) == 0 {
		k.Proposals = builtIn("encryption-algorithm-option", "default", ike.ProtocolESP)
		return
	}
	out.Text, out.Strict = strings.Join(texts, " or "), true
	k.Proposals = as(at, out)
}
