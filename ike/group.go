package ike

// Group is a Diffie-Hellman group by its IANA number, the same in both
// phases (RFC 2409 section 6 and the IANA "ipsec-registry", Group
// Description; 31 and above from the IKEv2 registry, which implementations
// use for IKEv1 too).
type Group uint16

// The groups. GroupNone says that there is none, in phase 2 that perfect
// forward secrecy is off.
const (
	GroupNone         Group = 0
	GroupMODP768      Group = 1
	GroupMODP1024     Group = 2
	GroupEC2N155      Group = 3
	GroupEC2N185      Group = 4
	GroupMODP1536     Group = 5
	GroupMODP2048     Group = 14
	GroupMODP3072     Group = 15
	GroupMODP4096     Group = 16
	GroupMODP6144     Group = 17
	GroupMODP8192     Group = 18
	GroupECP256       Group = 19
	GroupECP384       Group = 20
	GroupECP521       Group = 21
	GroupMODP1024s160 Group = 22
	GroupMODP2048s224 Group = 23
	GroupMODP2048s256 Group = 24
	GroupECP192       Group = 25
	GroupECP224       Group = 26
	GroupBrainpool224 Group = 27
	GroupBrainpool256 Group = 28
	GroupBrainpool384 Group = 29
	GroupBrainpool512 Group = 30
	GroupCurve25519   Group = 31
	GroupCurve448     Group = 32
	GroupMLKEM512     Group = 35
	GroupMLKEM768     Group = 36
	GroupMLKEM1024    Group = 37
	GroupMODPNull     Group = 1024 // strongSwan's test group
	groupTableSize          = 38
)

type groupRow struct{ name, config string }

var groupRows = [groupTableSize]groupRow{
	GroupNone:         {"none", "none"},
	GroupMODP768:      {"MODP_768", "modp768"},
	GroupMODP1024:     {"MODP_1024", "modp1024"},
	GroupEC2N155:      {"EC2N_155", "ec2n155"},
	GroupEC2N185:      {"EC2N_185", "ec2n185"},
	GroupMODP1536:     {"MODP_1536", "modp1536"},
	GroupMODP2048:     {"MODP_2048", "modp2048"},
	GroupMODP3072:     {"MODP_3072", "modp3072"},
	GroupMODP4096:     {"MODP_4096", "modp4096"},
	GroupMODP6144:     {"MODP_6144", "modp6144"},
	GroupMODP8192:     {"MODP_8192", "modp8192"},
	GroupECP256:       {"ECP_256", "ecp256"},
	GroupECP384:       {"ECP_384", "ecp384"},
	GroupECP521:       {"ECP_521", "ecp521"},
	GroupMODP1024s160: {"MODP_1024_160", "modp1024s160"},
	GroupMODP2048s224: {"MODP_2048_224", "modp2048s224"},
	GroupMODP2048s256: {"MODP_2048_256", "modp2048s256"},
	GroupECP192:       {"ECP_192", "ecp192"},
	GroupECP224:       {"ECP_224", "ecp224"},
	GroupBrainpool224: {"ECP_224_BP", "ecp224bp"},
	GroupBrainpool256: {"ECP_256_BP", "ecp256bp"},
	GroupBrainpool384: {"ECP_384_BP", "ecp384bp"},
	GroupBrainpool512: {"ECP_512_BP", "ecp512bp"},
	GroupCurve25519:   {"CURVE_25519", "curve25519"},
	GroupCurve448:     {"CURVE_448", "curve448"},
	GroupMLKEM512:     {"ML_KEM_512", "mlkem512"},
	GroupMLKEM768:     {"ML_KEM_768", "mlkem768"},
	GroupMLKEM1024:    {"ML_KEM_1024", "mlkem1024"},
}

func (g Group) row() groupRow {
	if g < groupTableSize {
		return groupRows[g]
	}
	if g == GroupMODPNull {
		return groupRow{"MODP_NULL", "modpnull"}
	}
	return groupRow{}
}

// String returns strongSwan's name, as MODP_2048, and Group(99) for a number
// without a name.
func (g Group) String() string {
	if n := g.row().name; n != "" {
		return n
	}
	return numbered("Group", uint32(g))
}

// groupNames maps every spelling that is not a number after dh or group.
var groupNames = []entry[Group]{
	{"1024bitmodp", GroupMODP1024},
	{"1024bitmodpgroup", GroupMODP1024},
	{"1536bitmodp", GroupMODP1536},
	{"1536bitmodpgroup", GroupMODP1536},
	{"2048bitmodp", GroupMODP2048},
	{"2048bitmodpgroup", GroupMODP2048},
	{"3072bitmodp", GroupMODP3072},
	{"3072bitmodpgroup", GroupMODP3072},
	{"4096bitmodp", GroupMODP4096},
	{"4096bitmodpgroup", GroupMODP4096},
	{"6144bitmodp", GroupMODP6144},
	{"6144bitmodpgroup", GroupMODP6144},
	{"768bitmodp", GroupMODP768},
	{"768bitmodpgroup", GroupMODP768},
	{"8192bitmodp", GroupMODP8192},
	{"8192bitmodpgroup", GroupMODP8192},
	{"curve25519", GroupCurve25519},
	{"curve448", GroupCurve448},
	{"ec2n155", GroupEC2N155},
	{"ec2n185", GroupEC2N185},
	{"ecp192", GroupECP192},
	{"ecp224", GroupECP224},
	{"ecp224bp", GroupBrainpool224},
	{"ecp256", GroupECP256},
	{"ecp256bp", GroupBrainpool256},
	{"ecp384", GroupECP384},
	{"ecp384bp", GroupBrainpool384},
	{"ecp512bp", GroupBrainpool512},
	{"ecp521", GroupECP521},
	{"kenone", GroupNone},
	{"mlkem1024", GroupMLKEM1024},
	{"mlkem512", GroupMLKEM512},
	{"mlkem768", GroupMLKEM768},
	{"modp1024", GroupMODP1024},
	{"modp1024160", GroupMODP1024s160},
	{"modp1024s160", GroupMODP1024s160},
	{"modp1536", GroupMODP1536},
	{"modp2048", GroupMODP2048},
	{"modp2048224", GroupMODP2048s224},
	{"modp2048256", GroupMODP2048s256},
	{"modp2048s224", GroupMODP2048s224},
	{"modp2048s256", GroupMODP2048s256},
	{"modp3072", GroupMODP3072},
	{"modp4096", GroupMODP4096},
	{"modp6144", GroupMODP6144},
	{"modp768", GroupMODP768},
	{"modp8192", GroupMODP8192},
	{"modpnone", GroupNone},
	{"modpnull", GroupMODPNull},
	{"none", GroupNone},
	{"nopfs", GroupNone},
	{"null", GroupNone},
	{"secp256r1", GroupECP256},
	{"secp384r1", GroupECP384},
	{"secp521r1", GroupECP521},
	{"x25519", GroupCurve25519},
	{"x448", GroupCurve448},
}

// ParseGroup reads a Diffie-Hellman group in any spelling: MODP_2048,
// modp2048, MODP2048(14), dh14, DH19, group 14, group14, 14,
// OAKLEY_GROUP_MODP2048, x25519, 2048-bit MODP group. "none" and "no-pfs"
// give GroupNone and true, a name that is not known false.
func ParseGroup[S ~string | ~[]byte](s S) (Group, bool) {
	var k key
	setKey(&k, s)
	return groupFromKey(&k, true)
}

// groupFromKey looks k up; bare says that a number alone is a group too.
func groupFromKey(kk *key, bare bool) (Group, bool) {
	k := cutPrefix(kk.text(), "oakleygroup")
	if g, ok := find(groupNames, k); ok {
		return g, true
	}
	n := cutPrefix(k, "diffiehellmangroup", "dhgroup", "dh", "group")
	if len(n) == len(k) && !bare {
		return 0, false
	}
	if len(n) == 0 || len(n) > 5 || digits(n) != len(n) {
		return 0, false
	}
	v := 0
	for _, c := range n {
		v = v*10 + int(c-'0')
	}
	if v > 0xffff {
		return 0, false
	}
	return Group(v), true
}
