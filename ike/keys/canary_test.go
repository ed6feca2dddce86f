package keys_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/ike/keys"
	"github.com/ikediag/ikediag/isakmp"
)

// TestCanary: no way of printing what the package returns or holds shows a
// secret, in any spelling of its octets.
func TestCanary(t *testing.T) {
	p := newPeers(t)
	id, a, _, ka := p.keys(0)
	secrets := [][]byte{[]byte("canary-psk"), []byte("canary-other"), p.dh, id, a, ka, []byte("canary-private")}

	r := p.ring("canary-psk", "canary-other")
	for _, d := range []keys.Dump{{Name: "SKEYID", Value: ike.NewSecret(id)}, {Name: "SKEYID_a", Value: ike.NewSecret(a)}, {Name: "encryption key Ka", Value: ike.NewSecret(ka)}} {
		r.AddDump(d)
	}
	errs := []error{
		r.AddKey(p.cookies[0], ike.NewSecret(ka)),
		r.AddPrivate(p.cookies[0], ike.NewSecret([]byte("canary-private"))),
		r.AddKey(isakmp.Cookie{}, ike.NewSecret(ka)),
	}
	_, err := r.AddTable([]byte("0102030405060708," + hex.EncodeToString(ka) + "zz\n0102030405060708 " + hex.EncodeToString(ka) + "\n" + hex.EncodeToString(p.dh)))
	errs = append(errs, err)
	for _, bad := range []func() error{
		func() error { _, err := keys.PublicValue(ike.GroupECP256, ike.NewSecret(p.dh)); return err },
		func() error {
			_, err := keys.SharedSecret(ike.GroupMODP768, ike.NewSecret(p.dh), []byte{2})
			return err
		},
		func() error {
			_, err := keys.Suite{Cipher: ike.CipherKey{Cipher: ike.CipherIDEA}, Hash: ike.IntegritySHA1}.Expand(ike.NewSecret(ka))
			return err
		},
	} {
		errs = append(errs, bad())
	}
	things := []any{r, *r, errs}
	for _, psk := range []string{"canary-psk", "canary-no"} {
		o := r.Opener(keys.Limits{})
		for _, s := range slices.Concat(p.mainMode(), p.quickMode(0, 3)) {
			_, res := p.open(o, s)
			things = append(things, res, res.Err)
		}
		phase1, _ := o.Phase1(p.cookies[0], p.cookies[1])
		s, err := phase1.PSK(ike.NewSecret([]byte(psk)), ike.NewSecret(p.dh))
		proof := o.Prove(p.cookies[0], p.cookies[1], ike.NewSecret([]byte(psk)))
		things = append(things, o, phase1, s, &s, err, proof, keys.Dump{Name: "SKEYID", Value: ike.NewSecret(id)})
	}
	check := func(how, out string) {
		for i, s := range secrets {
			for _, spelled := range []string{string(s), hex.EncodeToString(s), strings.ToUpper(hex.EncodeToString(s)),
				base64.StdEncoding.EncodeToString(s), strings.Trim(fmt.Sprint(s), "[]"), strings.TrimSuffix(strings.SplitN(fmt.Sprintf("%#v", s), "{", 2)[1], "}")} {
				if strings.Contains(out, spelled) {
					t.Errorf("%s shows secret %d", how, i)
				}
			}
		}
	}
	for _, thing := range things {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
			check(fmt.Sprintf("%s of %T", verb, thing), fmt.Sprintf(verb, thing))
		}
		if b, err := json.Marshal(thing); err == nil {
			check(fmt.Sprintf("JSON of %T", thing), string(b))
		}
	}
}
