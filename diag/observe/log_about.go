package observe

import (
	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/logparse"
)

// about is what is asked of a line more than once.
type about struct {
	of       concern
	obstacle diag.ObstacleKind
	filled   bool      // what its observations have in common is set, and
	numbered bool      // it names a message ID,
	mid      uint32    // this one,
	quick    bool      // as that of a quick mode,
	bare     bool      // or without its exchange
	pair     namedPair // where it is about a certain one
}

// A meaning is what the lines of a Kind may say.
type meaning struct {
	fact     func(*Log, *logparse.Event) diag.Body // reads what one says
	obstacle diag.ObstacleKind                     // what stood in the way, where nothing else is said
	of       concern
}

// concern is what a line is about besides what it says.
type concern uint8

const (
	ofPair  concern = 1 << iota // a certain SA pair
	ofUp                        // what is up
	ofChild                     // a quick mode, whether or not it names the exchange
)

// meaningOf returns that of a Kind. Most have none.
func meaningOf(k logparse.Kind) *meaning {
	if int(k) < len(meanings) {
		return &meanings[k]
	}
	return &meanings[logparse.Unknown]
}

var meanings = [...]meaning{
	logparse.MessageParsed:       {fact: (*Log).message},
	logparse.MessageGenerated:    {fact: (*Log).message},
	logparse.PacketSent:          {fact: (*Log).sent}, // of RetransmitSent, too, which is the line before it and knows no session
	logparse.PacketReceived:      {fact: (*Log).received},
	logparse.RetransmitReceived:  {fact: (*Log).repeated},
	logparse.InitiationDelayed:   {fact: (*Log).delayed},
	logparse.PortFloat:           {fact: (*Log).floated},
	logparse.UnprotectedIgnored:  {fact: (*Log).unprotected, obstacle: diag.ObstacleClear},
	logparse.NotifyReceived:      {fact: (*Log).notify},
	logparse.ErrorNotifyReceived: {fact: (*Log).notify},
	logparse.NotifySent:          {fact: (*Log).notify},
	logparse.NATDetected:         {fact: (*Log).natDetected},
	logparse.VendorIDUnknown:     {fact: (*Log).vendor},

	logparse.RetransmitsExhausted: {fact: (*Log).unanswered},
	logparse.PeerNotResponding:    {fact: (*Log).unanswered},
	logparse.SendFailed:           {fact: (*Log).notSent},

	logparse.DecryptionFailed:       {fact: (*Log).check},
	logparse.IntegrityFailed:        {fact: (*Log).check},
	logparse.PayloadInvalid:         {fact: (*Log).check},
	logparse.ParseFailed:            {fact: (*Log).check},
	logparse.MalformedIgnored:       {fact: (*Log).check},
	logparse.ProcessingFailed:       {fact: (*Log).check},
	logparse.HashMismatch:           {fact: (*Log).check},
	logparse.SignatureFailed:        {fact: (*Log).check},
	logparse.IDMismatch:             {fact: (*Log).check},
	logparse.AuthenticatedPeer:      {fact: (*Log).check},
	logparse.AuthenticatePeerFailed: {fact: (*Log).check},
	logparse.ConstraintFailed:       {fact: (*Log).check},
	logparse.ProposalNotFound:       {fact: (*Log).check},
	logparse.ChildProposalNotFound:  {fact: (*Log).check},
	logparse.GroupMismatch:          {fact: (*Log).check},
	logparse.XAuthFailed:            {fact: (*Log).check},
	logparse.XAuthSelfFailed:        {fact: (*Log).check},
	logparse.XAuthSucceeded:         {fact: (*Log).check},
	logparse.XAuthSecretMismatch:    {fact: (*Log).check},
	logparse.XAuthSecretNotFound:    {fact: (*Log).password},

	logparse.IKEConfigFound:       {fact: (*Log).lookup}, // IKEConfigLookup tells what is looked for only
	logparse.IKEConfigNotFound:    {fact: (*Log).lookup},
	logparse.PeerConfigSelected:   {fact: (*Log).lookup},
	logparse.PeerConfigNotFound:   {fact: (*Log).lookup},
	logparse.PeerConfigNoneAllows: {fact: (*Log).lookup},
	logparse.PSKNotFound:          {fact: (*Log).lookup},
	logparse.PrivateKeyNotFound:   {fact: (*Log).lookup},
	logparse.TrustedKeyNotFound:   {fact: (*Log).lookup},
	logparse.ChildConfigFound:     {fact: (*Log).lookup},
	logparse.ChildConfigNotFound:  {fact: (*Log).lookup},

	logparse.PeerConfigLookup:    {fact: (*Log).declared},
	logparse.AuthenticatedSelf:   {fact: (*Log).proven},
	logparse.ProposalsReceived:   {fact: (*Log).offer},
	logparse.ProposalsConfigured: {fact: (*Log).offer},
	logparse.ProposalSelected:    {fact: (*Log).offer},
	logparse.ProposalMismatch:    {fact: (*Log).declined},
	logparse.SelectorsLookup:     {fact: (*Log).traffic},
	logparse.SelectorsItem:       {fact: (*Log).traffic},
	logparse.SelectorsProposing:  {fact: (*Log).traffic},
	logparse.SelectorsProposed:   {fact: (*Log).traffic},

	logparse.Initiating:       {fact: (*Log).progress},
	logparse.BeingInitiated:   {fact: (*Log).begun},
	logparse.SAEstablished:    {fact: (*Log).phase1Up, of: ofUp},
	logparse.SADeleting:       {fact: (*Log).ending, of: ofUp},
	logparse.SADeleted:        {fact: (*Log).progress, of: ofUp},
	logparse.SADeleteReceived: {fact: (*Log).progress, of: ofUp},
	logparse.SADeleteSent:     {fact: (*Log).progress},
	logparse.SessionChanged:   {fact: (*Log).progress, of: ofUp},
	logparse.HalfOpenDeleted:  {fact: (*Log).progress},
	logparse.EstablishFailed:  {fact: (*Log).progress},

	logparse.ChildInitiating:     {fact: (*Log).progress},
	logparse.ChildEstablished:    {fact: (*Log).traffic, of: ofUp | ofPair},
	logparse.ChildClosing:        {fact: (*Log).ending, of: ofUp | ofPair},
	logparse.ChildDeleteReceived: {fact: (*Log).progress, of: ofUp | ofPair},
	logparse.ChildDeleteSent:     {fact: (*Log).progress, of: ofUp | ofPair},
	logparse.ChildFailed:         {fact: (*Log).progress, of: ofChild},

	logparse.ChildInactive:      {fact: (*Log).teardown},
	logparse.DPDTimeout:         {fact: (*Log).teardown},
	logparse.SAReplaced:         {fact: (*Log).teardown},
	logparse.SARekeyed:          {fact: (*Log).teardown},
	logparse.SARekeying:         {fact: (*Log).rekey},
	logparse.SAReauthenticating: {fact: (*Log).rekey},
	logparse.SARekeyFailed:      {fact: (*Log).rekey},
	logparse.ChildRekeying:      {fact: (*Log).rekey},
	logparse.ChildRekeyDetected: {fact: (*Log).rekey},
	logparse.ChildRekeyFailed:   {fact: (*Log).rekey},
	logparse.LifetimeMismatch:   {fact: (*Log).lifetime},
	logparse.ChildLifetime:      {fact: (*Log).lifetime},

	logparse.DaemonStarted:        {fact: (*Log).started, of: ofUp},
	logparse.DaemonStopped:        {fact: (*Log).stopped},
	logparse.Listening:            {fact: (*Log).listening},
	logparse.BindFailed:           {fact: (*Log).notBound},
	logparse.ConnectionLoading:    {fact: (*Log).load},
	logparse.ConnectionLoaded:     {fact: (*Log).loaded},
	logparse.ConnectionRejected:   {fact: (*Log).rejected},
	logparse.ConnectionUnknown:    {fact: (*Log).absent},
	logparse.AlgorithmUnsupported: {fact: (*Log).unsupported, obstacle: diag.ObstacleGroup},

	logparse.VersionUnsupported:    {obstacle: diag.ObstacleVersion},
	logparse.VersionDisabled:       {obstacle: diag.ObstacleDisabled},
	logparse.XAuthAwaited:          {obstacle: diag.ObstacleXAuthAwaited},
	logparse.AggressiveModeRefused: {obstacle: diag.ObstacleMode},
	logparse.AggressivePSKRefused:  {obstacle: diag.ObstacleAggressivePSK},
	logparse.UniquenessRefused:     {obstacle: diag.ObstacleUnique},
	logparse.AuthorizationRefused:  {obstacle: diag.ObstacleAuthorization},
	logparse.TraversalMissing:      {obstacle: diag.ObstacleTraversal},
	logparse.MethodMismatch:        {obstacle: diag.ObstacleMethod},
	logparse.HalfOpenLimit:         {obstacle: diag.ObstacleHalfOpen},
	logparse.ChildUnestablished:    {obstacle: diag.ObstacleUnfinished},
	logparse.UnexpectedMessage:     {obstacle: diag.ObstacleUnfinished},
	logparse.EncapsulationMismatch: {obstacle: diag.ObstacleEncapsulation},
	logparse.KernelInstallFailed:   {obstacle: diag.ObstacleKernel},
	logparse.KernelSPIFailed:       {obstacle: diag.ObstacleKernel},
	logparse.KernelError:           {obstacle: diag.ObstacleSAGone},
	logparse.SPIUnknown:            {obstacle: diag.ObstacleSPI},
	logparse.IntegrityDropped:      {obstacle: diag.ObstacleIntegrity},
	logparse.DPDUnsupported:        {obstacle: diag.ObstacleNoDPD},
	logparse.DPDInvalid:            {obstacle: diag.ObstacleDPDSequence},
	logparse.ChildRedundant:        {obstacle: diag.ObstacleRedundant},
	logparse.NoCryptoMap:           {obstacle: diag.ObstacleNoPolicy},
	logparse.PayloadUnprotected:    {obstacle: diag.ObstacleUnencrypted},
	logparse.MessageIDInvalid:      {obstacle: diag.ObstacleMessageID},
	logparse.CommitUnsupported:     {obstacle: diag.ObstacleCommit},
	logparse.ProposalInvalid:       {obstacle: diag.ObstacleKeyLength},
	logparse.EncapsulationInvalid:  {obstacle: diag.ObstacleEncapsulationNumber},
	logparse.GroupUnknown:          {obstacle: diag.ObstacleGroupName},
	logparse.ResourceExhausted:     {obstacle: diag.ObstacleCapacity},
	logparse.DeviationAllowed:      {obstacle: diag.ObstacleDeviation},
	logparse.ConfigAttributeFailed: {obstacle: diag.ObstacleSplit},
	logparse.LeaseMismatch:         {obstacle: diag.ObstacleLease},
	logparse.UnknownPeerSA:         {obstacle: diag.ObstacleCookie},
	logparse.ResolveFailed:         {obstacle: diag.ObstacleName},
	logparse.RouteChanged:          {obstacle: diag.ObstacleRoute},
	logparse.PoolExhausted:         {obstacle: diag.ObstaclePool},
	logparse.AddressNotFound:       {obstacle: diag.ObstacleNoPool},
	logparse.ModeConfigFailed:      {obstacle: diag.ObstacleNoPool},
	logparse.AddressInstallFailed:  {obstacle: diag.ObstacleAddress},
	logparse.XAuthMethodMissing:    {obstacle: diag.ObstacleXAuthMethod},
	logparse.EAPEvent:              {obstacle: diag.ObstacleBackend},
	logparse.CompressionDisabled:   {obstacle: diag.ObstacleIPComp},
}
