package observe

import (
	"github.com/ikediag/ikediag/isakmp"
	"github.com/ikediag/ikediag/logparse"
)

// payloadList is what a message's list of payloads says.
type payloadList struct {
	first       isakmp.PayloadType // that is no fragment
	sa, hash    bool
	proof       isakmp.PayloadType // by which its sender authenticates itself, if in phase 1
	certificate bool
	notifies    []isakmp.NotifyType
}

// payloads returns what the list of payloads of a line says.
func (l *Log) payloads(e *logparse.Event) *payloadList {
	p, known := l.remembered().payloads.of(e.Bytes(logparse.FieldPayloads))
	if known {
		return p
	}
	*p = payloadList{notifies: p.notifies[:0]}
	begun := false
	for t, arg := range e.Payloads() {
		if !begun && t != isakmp.PayloadFragment {
			p.first, begun = t, true
		}
		switch t {
		case isakmp.PayloadSA:
			p.sa = true
		case isakmp.PayloadHash:
			p.hash, p.proof = true, t
		case isakmp.PayloadSignature:
			p.proof = t
		case isakmp.PayloadCert:
			p.certificate = true
		case isakmp.PayloadNotify:
			if n, ok := logparse.ParseNotify(arg); ok {
				p.notifies = append(p.notifies, n)
			}
		}
	}
	return p
}
