package observe

import (
	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/logparse"
)

// teardown observes why an SA ends, before the line's own meaning.
func (l *Log) teardown(e *logparse.Event) diag.Body {
	t := &l.body.teardown
	*t = diag.Teardown{By: diag.Self}
	if n, ok := e.Seconds(logparse.RoleNone); ok {
		t.Seconds = uint32(n.Seconds())
	}
	why := string(e.Bytes(logparse.FieldError))
	switch e.Kind {
	case logparse.ChildInactive:
		t.Child, t.Reason = true, diag.EndedIdle
	case logparse.ChildClosing:
		if why != "expired" {
			return nil
		}
		t.Child, t.Reason = true, diag.EndedExpired
	case logparse.SADeleting:
		switch why {
		case "inactivity":
			t.Reason = diag.EndedIdle
		case "limit":
			t.Reason = diag.EndedLimit
		default:
			return nil
		}
	case logparse.DPDTimeout:
		t.Reason = diag.EndedDPD
	case logparse.SAReplaced:
		switch why {
		case "uniqueness":
			t.Reason = diag.EndedUnique
		case "initial contact":
			t.Reason = diag.EndedInitial
		default:
			t.Reason = diag.EndedRekeyed
		}
	case logparse.SARekeyed:
		t.Reason = diag.EndedRekeyed
	default:
		return nil
	}
	l.trails.of(e).reason = t.Reason
	return t
}

// rekey observes that an SA is being replaced, or could not be.
func (l *Log) rekey(e *logparse.Event) diag.Body {
	r := &l.body.rekey
	*r = diag.Rekey{By: diag.Self}
	switch e.Kind {
	case logparse.SARekeying, logparse.SAReauthenticating:
	case logparse.SARekeyFailed:
		r.Failed = true
	case logparse.PeerNotResponding:
		if string(e.Bytes(logparse.FieldName)) != "rekey" {
			return nil
		}
		r.Failed = true
	case logparse.ChildRekeying, logparse.ChildRekeyDetected:
		r.Child = true
	case logparse.ChildRekeyFailed:
		r.Child, r.Failed = true, true
	default:
		return nil
	}
	return r
}

// lifetime observes that the peer's lifetime is not the configured one.
func (l *Log) lifetime(e *logparse.Event) diag.Body {
	b := &l.body.lifetime
	*b = diag.Lifetime{By: diag.Self, Child: e.Kind == logparse.ChildLifetime}
	got, ok := e.Seconds(logparse.RoleNone)
	want, ok2 := e.Seconds(logparse.Expected)
	if ok && ok2 {
		b.Received, b.Configured = uint32(min(got.Seconds(), 1<<32-1)), uint32(min(want.Seconds(), 1<<32-1))
		return b
	}
	n, ok := e.Uint(logparse.FieldBytes)
	m, ok2 := e.Uint(logparse.FieldExpectedBytes)
	if !ok || !ok2 {
		return nil
	}
	b.ReceivedBytes, b.ConfiguredBytes = n, m
	return b
}
