package probe

import (
	"strings"

	"github.com/ikediag/ikediag/isakmp"
)

// words are the spellings of ParseTransform, which are those of the swans'
// configurations.
var words = map[string]Transform{
	"3des":   {Cipher: isakmp.CipherTripleDES},
	"des":    {Cipher: isakmp.CipherDES},
	"aes":    {Cipher: isakmp.CipherAES, KeyLength: 128},
	"aes128": {Cipher: isakmp.CipherAES, KeyLength: 128},
	"aes192": {Cipher: isakmp.CipherAES, KeyLength: 192},
	"aes256": {Cipher: isakmp.CipherAES, KeyLength: 256},

	"camellia128": {Cipher: isakmp.CipherCamellia, KeyLength: 128},
	"camellia192": {Cipher: isakmp.CipherCamellia, KeyLength: 192},
	"camellia256": {Cipher: isakmp.CipherCamellia, KeyLength: 256},

	"md5":      {Hash: isakmp.HashMD5},
	"sha":      {Hash: isakmp.HashSHA1},
	"sha1":     {Hash: isakmp.HashSHA1},
	"sha256":   {Hash: isakmp.HashSHA256},
	"sha2_256": {Hash: isakmp.HashSHA256},
	"sha384":   {Hash: isakmp.HashSHA384},
	"sha2_384": {Hash: isakmp.HashSHA384},
	"sha512":   {Hash: isakmp.HashSHA512},
	"sha2_512": {Hash: isakmp.HashSHA512},

	"modp768":    {Group: isakmp.GroupMODP768},
	"modp1024":   {Group: isakmp.GroupMODP1024},
	"modp1536":   {Group: isakmp.GroupMODP1536},
	"modp2048":   {Group: isakmp.GroupMODP2048},
	"modp3072":   {Group: isakmp.GroupMODP3072},
	"modp4096":   {Group: isakmp.GroupMODP4096},
	"modp6144":   {Group: isakmp.GroupMODP6144},
	"modp8192":   {Group: isakmp.GroupMODP8192},
	"ecp256":     {Group: isakmp.GroupECP256},
	"dh19":       {Group: isakmp.GroupECP256},
	"ecp384":     {Group: isakmp.GroupECP384},
	"dh20":       {Group: isakmp.GroupECP384},
	"ecp521":     {Group: isakmp.GroupECP521},
	"dh21":       {Group: isakmp.GroupECP521},
	"curve25519": {Group: isakmp.GroupCurve25519},

	"psk":   {Auth: isakmp.AuthPSK},
	"rsa":   {Auth: isakmp.AuthRSA},
	"ecdsa": {Auth: isakmp.AuthECDSA256},
}

// ParseTransform reads a suite such as aes256-sha256-modp2048, or with its
// authentication method aes256-sha1-modp1024-rsa; without one it is psk. Each
// part is there once, whatever the order.
func ParseTransform(s string) (t Transform, ok bool) {
	for part := range strings.FieldsFuncSeq(strings.ToLower(s), func(r rune) bool { return r == '-' || r == ';' }) {
		w, known := words[part]
		switch {
		case !known:
			return t, false
		case w.Cipher != 0 && t.Cipher == 0:
			t.Cipher, t.KeyLength = w.Cipher, w.KeyLength
		case w.Hash != 0 && t.Hash == 0:
			t.Hash = w.Hash
		case w.Group != 0 && t.Group == 0:
			t.Group = w.Group
		case w.Auth != 0 && t.Auth == 0:
			t.Auth = w.Auth
		default:
			return t, false // twice
		}
	}
	if t.Auth == 0 {
		t.Auth = isakmp.AuthPSK
	}
	return t, t.Cipher != 0 && t.Hash != 0 && t.Group != 0
}
