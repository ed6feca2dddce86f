package logparse

// Kind is what a log line says, free of any vendor's words. Its numbers are
// kept: a Kind is never renumbered and never reused, new ones are appended to
// their group.
//
// The comment of each Kind ends, after a colon, with the Fields that an Event
// of that Kind may carry. Which of them it does carry depends on the daemon
// and its release: ask with Event.Has or use an accessor's second result. The
// list is the truth that a test holds every template to.
type Kind uint16

//go:generate go run gen.go

// What is no statement of its own.
const (
	Unknown    Kind = iota // no template knows the line
	Plain                  // known, and deliberately without a meaning of its own: name value text
	Blank                  // nothing but white space, a table's bars or its column names
	Repeated               // syslog's "last message repeated n times"; Event.RepeatOf is the Kind of that message: count
	HexDump                // one line of a hex dump; Event.Packet has the bytes at the dump's last line where it shows a whole message: text
	DumpStart              // a hex dump of something that is no secret follows: name size local remote
	SecretDump             // key material was written to the log, on this line or on those that follow: name size secret
	Foreign                // another program of the host wrote the line: name
)

// The daemon and the host it runs on. These lines belong to no negotiation.
const (
	DaemonStarted     Kind = 100 + iota // a daemon says what it is: name product version platform
	DaemonStopped                       // it ends: error
	DaemonFailed                        // it cannot run or lost something that it needs to run: name error count
	Listening                           // a socket is open: local port interface
	BindFailed                          // a port or socket could not be opened: local port interface error
	SendFailed                          // a datagram could not be sent; error says why, e.g. that the network is unreachable: local remote error kind state
	ReceiveFailed                       // reading from a socket failed: error
	InterfaceChanged                    // an interface or address came, went or changed: interface address
	RouteChanged                        // routes were looked up, added, removed or failed: address remote interface error
	PluginFailed                        // a part of the daemon could not be loaded or set up: name error count
	LimitReached                        // new negotiations are refused to protect the host: remote count limit name
	RandomFailed                        // no random numbers, nonces or hashes are to be had: name
	ScriptRan                           // an external script or program was called: name file error
	TimerEvent                          // the daemon queued or ran a job of its own: name
	PermissionDenied                    // a file or right is missing that the daemon needs: file error
	PoolReady                           // a pool of addresses exists: pool address count
	ResourceExhausted                   // memory, identifiers or other things run out: name remote
	FirewallHint                        // the kernel or a firewall drops or refuses what the daemon needs: name error
)

// Configuration, credentials and those who command the daemon.
const (
	ConnectionLoaded      Kind = 200 + iota // a connection was added: connection child
	ConnectionRemoved                       // it was taken away: connection child
	ConnectionUpdated                       // it replaced one of the same name: connection child
	ConnectionRejected                      // it could not be added: connection error subject
	ConfigSection                           // a heading in a configuration's dump: name
	ConfigSetting                           // a setting in one; Event.Indent is its depth: name value
	ConfigError                             // a setting or file is not understood: name value file error
	SecretLoaded                            // a pre-shared key or password was loaded, for whom and not what: kind name id localid remoteid
	SecretRejected                          // one could not be loaded: kind file error
	KeyLoaded                               // a private key was loaded: kind file name
	KeyFailed                               // one could not be: kind file name error
	CertificateLoaded                       // a certificate was loaded: kind subject file
	CertificateLoadFailed                   // one could not be: kind file name error
	RevocationLoaded                        // a CRL was loaded: kind subject file
	CredentialsLoading                      // a folder or file of them is read: kind file
	CredentialsUnreadable                   // it cannot be read: file error
	PoolLoaded                              // a pool was configured: pool address count
	AuthorityLoaded                         // a certification authority was configured: name
	ManagementRequest                       // a client of the daemon's asks: name value
	InitiateRequested                       // an operator or start action wants a connection up: connection child name
	TerminateRequested                      // one wants it down: connection child name
	RouteRequested                          // one wants traffic to trigger it: connection child name
	CommandFailed                           // such a wish could not be met: connection child name error
	CommandSucceeded                        // it was met: connection child name
	ConnectionUnknown                       // a wish names a connection that does not exist: connection
	ResolveFailed                           // a name could not be resolved: name seconds
	CertificateUnusable                     // a loaded certificate or key cannot serve: subject kind error
	ConnectionLoading                       // the daemon begins to add one: connection
)

// Datagrams and ISAKMP messages.
const (
	PacketReceived           Kind = 300 + iota // a datagram came in. Its Session is a guess (Session.Tentative) until the next line of the same job: local remote size port side state
	PacketSent                                 // a datagram went out; Event.Retransmission tells whether it is a repetition. state is the daemon's name for where its negotiation stands: local remote size state port side mid
	PacketIgnored                              // a datagram was dropped unread: local remote interface error version size
	MessageParsed                              // a message was understood, decrypted where it was encrypted; selected is what it chose, where the line tells: exchange direction mid payloads selected state
	MessageGenerated                           // a message was built: exchange direction mid payloads local remote
	ParseFailed                                // a message could not be parsed; nothing says why: payload error remote
	DecryptionFailed                           // what decryption gave is no message: the keys differ, or the bytes were damaged. payload is the one that made no sense: payload error remote
	PayloadInvalid                             // one payload breaks the format or is missing: payload error size count
	MalformedIgnored                           // a malformed informational was ignored: exchange
	ProcessingFailed                           // a whole message was given up: exchange direction mid remote
	IntegrityFailed                            // the HASH over a quick-mode or informational message is wrong: payload error
	UnexpectedMessage                          // a message does not fit the state of its negotiation: exchange expectedexchange mid error state
	UnprotectedIgnored                         // a notify or delete without encryption was ignored: remote exchange notify
	VersionUnsupported                         // a version of IKE is not spoken here: remote version exchange
	UnknownPeerSA                              // a message for a negotiation that does not exist (any more): local remote icookie rcookie
	FragmentReceived                           // part of an IKE-fragmented message: count total size
	FragmentsComplete                          // the last part came and the message is whole: count total size
	FragmentFailed                             // fragments make no message: count error
	FragmentsSent                              // a message was split: size count
	RetransmitSent                             // a message is repeated. It stands before the PacketSent that carries it: count direction mid sequence exchange
	RetransmitReceived                         // the peer repeated a message: direction mid error
	RetransmitsExhausted                       // the last repetition got no answer: count direction mid state remote
	PeerNotResponding                          // what was given up for want of an answer; name tells what (establish, rekey, delete): name connection count total
	UnknownKeysMessage                         // an encrypted message came before there were keys: exchange
	PortFloat                                  // the negotiation moves to the ports for NAT traversal: local remote
	TaskQueued                                 // an exchange or part of one is waiting: task
	TaskStarted                                // it begins: task
	NothingToDo                                // there is nothing left to start
	HalfOpenLimit                              // a request was ignored since too many half-open negotiations exist: remote count limit
	ReceivedOnWrongInterface                   // a datagram came in where it is not wanted: local remote
	VersionDisabled                            // a version of IKE that could be spoken here is switched off: remote version
	PayloadUnprotected                         // a payload that must be encrypted came in the clear: payload
	MessageIDInvalid                           // a message ID was used before, or is zero where it must not be, or the reverse: exchange mid
	CommitUnsupported                          // the Commit Bit is set, of which this daemon takes no notice or which it forbids
)

// Phase 1: who may talk, and with what.
const (
	Initiating             Kind = 400 + iota // this side starts a negotiation: mode connection sa remote
	BeingInitiated                           // the peer starts one: mode remote
	IKEConfigLookup                          // a configuration is looked for by addresses: local remote version
	IKEConfigCandidate                       // one that may fit: local remote priority
	IKEConfigFound                           // the one that fits: local remote priority
	IKEConfigNotFound                        // none fits; mode and method are those that were looked for, where they count: local remote notify mode method
	PeerConfigLookup                         // a configuration is looked for by identity: method local remote localid remoteid
	PeerConfigCandidate                      // one that may fit: connection matchme matchother matchike
	PeerConfigSelected                       // the one that fits: connection
	PeerConfigNotFound                       // none fits: remoteid
	PeerConfigNoneAllows                     // some fit by identity, none by method and mode: count method mode
	PeerConfigUnacceptable                   // the selected one does not do, e.g. by method: connection
	PeerConfigSwitched                       // another one is tried: connection
	NoAlternativeConfig                      // there is no other one
	AggressivePSKRefused                     // aggressive mode with a pre-shared key is disabled
	UniquenessRefused                        // the peer is connected already: mode
	AuthorizationRefused                     // a hook, an AAA server or a policy says no: mode name
	ProposalsReceived                        // the peer's offer: offered
	ProposalsConfigured                      // what this side would take, or offers: configured
	ProposalSelected                         // what both take: selected
	ProposalSelecting                        // one pair of proposals is compared; the next line is the result
	ProposalMismatch                         // that pair differs in one kind of transform; offered is the peer's proposal, where the line tells: transform name offered
	ProposalMatches                          // that pair fits
	ProposalNotFound                         // no pair fits, phase 1: notify local remote
	ProposalInvalid                          // a proposal or transform breaks the rules: name error
	AlgorithmUnsupported                     // an algorithm was agreed on or asked for that is not there: transform algorithm size name
	GroupMismatch                            // a Diffie-Hellman group is not the wanted one: algorithm expectedalgorithm
	NATDetected                              // an end is behind NAT; side tells which: side old new
	NATForced                                // UDP encapsulation is used though there is no NAT
	NATGone                                  // an end is no longer behind NAT: side
	EndpointChanged                          // an end's address or port is another now: side old new
	MethodMismatch                           // authentication method of the peer is not the configured one: method expectedmethod
	LifetimeMismatch                         // phase-1 lifetimes differ: seconds expectedseconds
	VendorIDReceived                         // what the peer is or can: vendor
	VendorIDSent                             // what we told: vendor
	VendorIDUnknown                          // one that nobody knows: data
	NotifyReceived                           // a notify that is no error: notify protocol remote
	ErrorNotifyReceived                      // an error notify: notify protocol remote
	NotifySent                               // a notify of ours: notify remote protocol
	AggressiveModeRefused                    // the mode itself is not allowed: mode remote
	ConfigIncomplete                         // a connection lacks what is needed to negotiate it: name connection
	InitiationDelayed                        // a wish to start waits for an exchange or a limit: exchange count limit
	ProposalAttribute                        // one attribute of a proposal that is being compared: transform value seconds size
	PolicyAttribute                          // an attribute of the peer's and what the configuration has instead: transform algorithm expectedalgorithm name
	NoCryptoMap                              // a negotiation came in where no policy for IPsec is in force: local remote interface error name
	GroupUnknown                             // the peer names a group of clients that is not configured: name
	DeviationAllowed                         // the peer deviates in a way that is known, and is put up with: name
	TraversalMissing                         // the peer does not offer NAT traversal, without which this end takes no negotiation
)

// Authentication.
const (
	PSKNotFound             Kind = 500 + iota // no pre-shared key for this pair: localid remoteid local remote
	PrivateKeyNotFound                        // no private key for our identity: kind localid
	TrustedKeyNotFound                        // no key or certificate of the peer that we trust: kind remoteid
	SignatureFailed                           // a signature does not fit a key; the next key is tried, unless the line names whose signature it is: then there is none: remoteid method remote
	HashMismatch                              // the peer's HASH of phase 1 is not what our secret gives: remote
	IDMismatch                                // the peer is not whom we expect; name tells which payload: expected actual name
	IDRejected                                // the peer's identity is refused for another reason: remoteid error
	ConstraintFailed                          // a condition of the configuration is not met by the peer: name value expected actual
	AuthenticatedSelf                         // our proof was made (not: accepted): localid method
	AuthenticateSelfFailed                    // it could not be made: localid method
	AuthenticatedPeer                         // the peer's proof is right: remoteid method remote
	AuthenticatePeerFailed                    // it is not: remoteid method
	MethodUnsupported                         // an authentication method is not available: method
	KeyDerivationFailed                       // session keys could not be made: method
	XAuthStarted                              // extended authentication begins: method user
	XAuthSucceeded                            // the peer's user is in: user
	XAuthFailed                               // the peer's user is refused: user
	XAuthSelfSucceeded                        // our user is in: user
	XAuthSelfFailed                           // our user is refused: user
	XAuthSecretNotFound                       // there is no password for the user: user remoteid id
	XAuthSecretMismatch                       // the user's password is not one of ours: count user localid remoteid
	XAuthInvalid                              // an XAUTH message lacks something: error
	XAuthMethodMissing                        // no module or round does XAUTH here: method
	XAuthMessage                              // a text shown to the user: text
	XAuthGaveUp                               // the negotiation ends since XAUTH failed
	EAPEvent                                  // EAP, RADIUS or another back end: name user text
	ShortSecret                               // a secret is weaker than it should be: kind id
	SecretMismatchSuspected                   // the daemon itself suspects the secret: remote
	XAuthAwaited                              // a quick mode came before the extended authentication that is due
)

// Certificates and their revocation.
const (
	CertificateReceived       Kind = 600 + iota // the peer sent one: kind subject
	CertificateSent                             // we sent one: kind subject
	CertificateRequested                        // the peer asked for one: subject
	CertificateRequestSent                      // we asked for one: subject
	CertificateRequestUnknown                   // the peer asked for one of an authority that we do not know: subject
	CertificateUsed                             // one is checked or used; kind tells its place in the path: kind subject
	CertificateTrusted                          // the path ends in an authority that we trust: subject count
	CertificateUntrusted                        // it ends in one that we do not: subject error
	IssuerNotFound                              // a certificate's issuer is not there: subject issuer
	CertificateExpired                          // its time is over or has not come; error is "expired" or "not yet valid" where the daemon tells: subject notbefore notafter error
	CertificateRevoked                          // it was revoked: subject error notbefore
	RevocationGood                              // it was not: subject notbefore
	RevocationUnknown                           // nobody can tell: subject error
	RevocationChecking                          // we look: subject
	RevocationFetching                          // we ask a server: url kind
	RevocationFetchFailed                       // it does not answer, or not usefully: url error kind
	RevocationStale                             // the answer is too old: subject notbefore notafter
	CertificateInvalid                          // it breaks a rule (key usage, path length, names, signature): subject error
	CertificateWeak                             // its key or algorithm is weaker than demanded: subject algorithm size
	CertificateMissing                          // our own is not there: subject localid
	CertificateUnsupported                      // its encoding or type is not read: kind remote
	CertificateNameMismatch                     // its names do not hold the peer's identity: subject remoteid
	CertificateParseFailed                      // its bytes are no certificate: error
	CertificateRefused                          // the peer's path is not accepted; error names why, in words or as NSS does: subject error
)

// The life of a phase-1 SA.
const (
	SAEstablished      Kind = 700 + iota // phase 1 is done as this end sees it; selected is what was agreed on, where the line tells: connection sa local localid remote remoteid selected mode
	SAStateChanged                       // another state: connection sa state newstate
	SADeleting                           // this end takes it down: connection sa local localid remote remoteid error
	SADeleted                            // it is gone: connection sa state error remote
	SADeleteReceived                     // the peer takes it down: connection sa
	SADeleteSent                         // we tell the peer: connection sa
	SARekeying                           // a new one is made: connection sa
	SARekeyed                            // it replaced the old one: connection sa local localid remote remoteid
	SAReauthenticating                   // a new one is made with authentication: connection sa error
	SARekeyFailed                        // the new one could not be made: connection sa seconds error
	SARekeyScheduled                     // when: seconds
	SAReauthScheduled                    // when: seconds
	SALifetime                           // its latest end: seconds
	HalfOpenDeleted                      // it was given up half made: connection sa remote error state
	SAReplaced                           // another one of the same peer makes it redundant: remoteid error
	EstablishFailed                      // the whole connection failed, as a command reports: connection
	EstablishSucceeded                   // it is up, as a command reports: connection
	InitialContact                       // the peer says that it has no other SA: remoteid
	DPDSent                              // is anybody there?: remote
	DPDReceived                          // the peer asks: remote
	DPDTimeout                           // nobody is: remote seconds error state
	DPDInvalid                           // a wrong sequence number in it: sequence expectedsequence
	DPDUnsupported                       // the peer cannot
	KeepaliveSent                        // a NAT keepalive: remote
	Reinitiating                         // after an end, it is tried again: connection sa
	Redirected                           // the peer sends us elsewhere: remote remoteid error
	CookiesSeen                          // the daemon names the cookies of an SA: connection sa icookie rcookie
	SACreated                            // the daemon made an entry for an SA: connection sa local remote
)

// Mode config: addresses and settings for a client.
const (
	AddressRequested      Kind = 800 + iota // the peer wants an address: address
	AddressAssigned                         // it gets one: address id
	AddressNotFound                         // there is none for it: address id
	AddressInstalled                        // we got one: address interface
	AddressInstallFailed                    // we cannot use it: address error
	PoolExhausted                           // the pool is full: pool
	LeaseChanged                            // a lease began, ended or moved: address id
	ConfigAttribute                         // one attribute was handled: name value
	ConfigAttributeFailed                   // one was not: name
	ModeConfigFailed                        // the exchange gave nothing: error
	ModeConfigIgnored                       // a message of it was ignored: name
	LeaseMismatch                           // the peer asks for selectors that are not the address it was to have: address error
)

// Phase 2 and the SAs that carry traffic.
const (
	SelectorsLookup       Kind = 900 + iota // a child is looked for by selectors: localts remotets local remote
	SelectorsProposing                      // a list of selectors of one side follows: side name
	SelectorsItem                           // one of that list; Event.Side is the side: ts configuredts receivedts matchedts side
	ChildCandidate                          // a child that may fit: child priority
	ChildConfigFound                        // the one that fits: child priority
	ChildConfigNotFound                     // none fits: localts remotets local remote error
	SelectorsUnacceptable                   // the selectors agreed on do not do: localts remotets
	SelectorsChanged                        // they were narrowed or moved, e.g. for NAT: localts remotets
	ChildProposalNotFound                   // no proposal fits, phase 2: notify local remote error
	ChildEstablished                        // both SAs are in the kernel; selected is what was agreed on, where the line tells: child childid spiin spiout localts remotets selected mid local remote
	ChildClosing                            // this end takes it down: child childid spiin spiout bytesin bytesout localts remotets error
	ChildDeleteReceived                     // the peer takes it down: protocol spi error
	ChildDeleteSent                         // we tell the peer: protocol spi
	ChildRekeying                           // a new one is made: child childid protocol spi name remote
	ChildRekeyFailed                        // it could not be: child childid seconds error
	ChildStateChanged                       // another state: child childid state newstate
	ChildLifetime                           // the peer's lifetime is not ours: seconds expectedseconds bytes expectedbytes
	ChildInactive                           // it was idle too long: seconds
	ChildFailed                             // it could not be made and phase 1 stays: child error mid remote
	ChildNotFound                           // a delete or rekey names one that is not there: protocol spi remote childid
	ChildUnestablished                      // quick mode came before phase 1 was done
	KernelInstallFailed                     // the kernel refuses an SA or policy; name tells which: name error
	KernelPolicyExists                      // there is one already: name localts remotets
	KernelSPIFailed                         // the kernel gives no SPI: name error
	KernelExpire                            // the kernel says that an SA ends: protocol spi remote name
	KernelAcquire                           // traffic wants an SA: localts remotets reqid
	KernelError                             // any other refusal of the kernel: name error spi remote
	KernelSA                                // the kernel was given or lost an SA: protocol spi local remote algorithm size name address
	KernelPolicy                            // the kernel was given or lost a policy: localts remotets name
	TrapInstalled                           // traffic will trigger a child: child
	TrapFailed                              // it will not: child error
	MappingChanged                          // the peer's NAT mapping moved: protocol spi remote new
	TransportProxy                          // one end's selector is not its address: side local remote
	CompressionDisabled                     // IPComp is not used: error
	HardwareOffload                         // SAs are or are not offloaded: name
	ChildRedundant                          // there is one like it: child childid
	EncapsulationMismatch                   // one end wants tunnel mode, the other transport: name
	PFSMismatch                             // only one end wants PFS, or another group: name algorithm expectedalgorithm
	ChildRekeyDetected                      // the new one replaces: child childid
	ChildInitiating                         // a quick mode begins: child childid connection sa mid remote
	ShuntInstalled                          // traffic bypasses or is dropped by policy: name
	ReplayDropped                           // packets were dropped as replays: spi count
	SelectorsProposed                       // the selectors that this end asks for: localts remotets local remote
	SPIUnknown                              // protected traffic came for an SA that is not there: protocol spi local remote interface
	IntegrityDropped                        // packets failed the check of their integrity: spi local remote count
	UnprotectedDropped                      // traffic came in the clear that should be protected, or the other way: local remote protocol error
	SessionChanged                          // a whole tunnel came up or went down: state local remote
	EncapsulationInvalid                    // the number of the encapsulation mode does not go with what NAT detection found: name
)
