package ike

// AuthMethod is a phase-1 authentication method by its number in RFC 2409
// appendix A, attribute 3, and the private numbers of the XAUTH and hybrid
// drafts.
type AuthMethod uint32

// The methods. AuthNone is "not stated". AuthPubkey is what configurations
// say where the kind of the key decides: it stands for any signature.
const (
	AuthNone          AuthMethod = 0
	AuthPSK           AuthMethod = 1
	AuthDSS           AuthMethod = 2
	AuthRSA           AuthMethod = 3
	AuthRSAEnc        AuthMethod = 4
	AuthRSARevEnc     AuthMethod = 5
	AuthECDSA256      AuthMethod = 9 // RFC 4754
	AuthECDSA384      AuthMethod = 10
	AuthECDSA521      AuthMethod = 11
	AuthHybridInitRSA AuthMethod = 64221
	AuthHybridRespRSA AuthMethod = 64222
	AuthHybridInitDSS AuthMethod = 64223
	AuthHybridRespDSS AuthMethod = 64224
	AuthXAUTHInitPSK  AuthMethod = 65001
	AuthXAUTHRespPSK  AuthMethod = 65002
	AuthXAUTHInitDSS  AuthMethod = 65003
	AuthXAUTHRespDSS  AuthMethod = 65004
	AuthXAUTHInitRSA  AuthMethod = 65005
	AuthXAUTHRespRSA  AuthMethod = 65006
	AuthXAUTHInitEnc  AuthMethod = 65007
	AuthXAUTHRespEnc  AuthMethod = 65008
	AuthXAUTHInitRev  AuthMethod = 65009
	AuthXAUTHRespRev  AuthMethod = 65010
	AuthPubkey        AuthMethod = 1 << 16
)

var authRows = []struct {
	m    AuthMethod
	name string
}{
	{AuthNone, "none"},
	{AuthPSK, "PSK"},
	{AuthDSS, "DSS"},
	{AuthRSA, "RSA"},
	{AuthRSAEnc, "RSA-encryption"},
	{AuthRSARevEnc, "RSA-revised-encryption"},
	{AuthECDSA256, "ECDSA-256"},
	{AuthECDSA384, "ECDSA-384"},
	{AuthECDSA521, "ECDSA-521"},
	{AuthHybridInitRSA, "HybridInitRSA"},
	{AuthHybridRespRSA, "HybridRespRSA"},
	{AuthHybridInitDSS, "HybridInitDSS"},
	{AuthHybridRespDSS, "HybridRespDSS"},
	{AuthXAUTHInitPSK, "XAuthInitPSK"},
	{AuthXAUTHRespPSK, "XAuthRespPSK"},
	{AuthXAUTHInitDSS, "XAuthInitDSS"},
	{AuthXAUTHRespDSS, "XAuthRespDSS"},
	{AuthXAUTHInitRSA, "XAuthInitRSA"},
	{AuthXAUTHRespRSA, "XAuthRespRSA"},
	{AuthXAUTHInitEnc, "XAuthInitRSA-encryption"},
	{AuthXAUTHRespEnc, "XAuthRespRSA-encryption"},
	{AuthXAUTHInitRev, "XAuthInitRSA-revised-encryption"},
	{AuthXAUTHRespRev, "XAuthRespRSA-revised-encryption"},
	{AuthPubkey, "public-key"},
}

// String returns PSK, RSA, ECDSA-256, XAuthInitPSK, HybridInitRSA and the
// like, and AuthMethod(8) for a number without a name.
func (m AuthMethod) String() string {
	for i := range authRows {
		if authRows[i].m == m {
			return authRows[i].name
		}
	}
	return numbered("AuthMethod", uint32(m))
}

// Signature reports whether the method proves possession of a private key by
// a signature of both ends.
func (m AuthMethod) Signature() bool {
	switch m {
	case AuthDSS, AuthRSA, AuthECDSA256, AuthECDSA384, AuthECDSA521, AuthPubkey:
		return true
	}
	return false
}

// PSK reports whether the method rests on a pre-shared key, with XAUTH or
// without.
func (m AuthMethod) PSK() bool {
	return m == AuthPSK || m == AuthXAUTHInitPSK || m == AuthXAUTHRespPSK
}

// XAUTH reports whether extended authentication follows phase 1, hybrid
// authentication included.
func (m AuthMethod) XAUTH() bool {
	return m >= AuthXAUTHInitPSK && m <= AuthXAUTHRespRev || m >= AuthHybridInitRSA && m <= AuthHybridRespDSS
}

// Agrees reports whether two ends that say m and o use one method: the same
// number, or AuthPubkey and any signature.
func (m AuthMethod) Agrees(o AuthMethod) bool {
	return m == o || m == AuthPubkey && o.Signature() || o == AuthPubkey && m.Signature()
}
