package state

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/ikediag/ikediag/ike"
)

// What ip xfrm monitor prints: an SA or a policy as ip xfrm state and ip xfrm
// policy have it, with a word before it unless it is new, or a line about one
// and what it is about below it:
//
//	Updated src 192.0.2.2 dst 192.0.2.1
//		proto esp spi 0xcb2eb9b2 reqid 1 mode tunnel
//	Async event  (0x20)  timer expired
//		src 192.0.2.2 dst 192.0.2.1  reqid 0x1 protocol esp  SPI 0xcb2eb9b2
//	Flushed policy ptype main
//
// With -t a line with the time stands before each, with -ts the time stands in
// the same line. It prints keys.

// isXfrmEvent recognises a line that only the monitor prints.
func isXfrmEvent(line []byte) bool {
	text, stamp, _ := xfrmStamp(string(line))
	if stamp && text == "" {
		return true
	}
	kind, rest := xfrmEventKind(text)
	switch kind {
	case EventAsync, EventAcquire, EventMapping, EventFlushed:
		return true
	case EventDeleted, EventUpdated, EventExpired:
		return strings.HasPrefix(rest, "src ") && strings.Contains(rest, " dst ")
	}
	return false
}

// xfrmStamp takes the time and the name space off a line. The time is the
// host's local one.
func xfrmStamp(line string) (text string, stamped bool, at time.Time) {
	if rest, ok := strings.CutPrefix(line, "Timestamp: "); ok {
		f := strings.Fields(rest)
		if len(f) != 7 || f[6] != "usec" {
			return line, false, at
		}
		at, err := time.Parse(time.ANSIC, strings.Join(f[:5], " "))
		if err != nil {
			return line, false, at
		}
		return "", true, at.Add(time.Duration(min(number(f[5]), 999999)) * time.Microsecond)
	}
	if rest, ok := strings.CutPrefix(line, "["); ok {
		stamp, rest, ok := strings.Cut(rest, "]")
		if t, err := time.Parse("2006-01-02T15:04:05.999999", stamp); ok && err == nil {
			line, stamped, at = strings.TrimPrefix(rest, " "), true, t
		}
	}
	if strings.HasPrefix(line, "[nsid ") {
		_, line, _ = strings.Cut(line, "]")
	}
	return line, stamped, at
}

// xfrmEventKind reads the word that an event begins with.
func xfrmEventKind(text string) (EventKind, string) {
	for _, k := range [...]struct {
		word string
		kind EventKind
	}{
		{"Deleted ", EventDeleted}, {"Updated ", EventUpdated}, {"Expired ", EventExpired}, {"Async event ", EventAsync}, {"acquire proto ", EventAcquire},
		{"Mapping change ", EventMapping}, {"Flushed state ", EventFlushed}, {"Flushed policy ", EventFlushed}, {"report proto ", EventReport},
	} {
		if rest, ok := strings.CutPrefix(text, k.word); ok {
			return k.kind, rest
		}
	}
	return EventAdded, text
}

// monitor is a reading: what is there so far, by what names it.
type monitor struct {
	p        *parser
	sas      map[xfrmID]KernelSA
	policies map[xfrmPolicyID]Policy
}

// xfrmID names an SA (RFC 4301, section 4.4.2).
type xfrmID struct {
	to    netip.Addr
	proto ike.Protocol
	spi   uint32
}

// xfrmPolicyID names a policy: the kernel has one for each of these.
type xfrmPolicyID struct {
	from, to string
	dir      Direction
	mark, id uint32
}

func readXfrmMonitor(p *parser) {
	m := monitor{p: p, sas: map[xfrmID]KernelSA{}, policies: map[xfrmPolicyID]Policy{}}
	var at time.Time
	for p.next() {
		text, stamped, t := xfrmStamp(p.line)
		if stamped {
			at = t
		}
		if blank(text) {
			continue
		}
		e := KernelEvent{Line: p.n, Time: at}
		var rest string
		e.Kind, rest = xfrmEventKind(text)
		f := strings.Fields(rest)
		switch {
		case indented(text):
			p.unknown()
		case e.Kind <= EventExpired && len(f) >= 4 && f[0] == "src" && f[2] == "dst":
			m.record(&e, f)
		case e.Kind == EventAdded:
			p.unknown()
		default:
			m.about(&e, rest)
		}
	}
	m.finish()
}

// record reads the lines of an SA or a policy: selectors have a prefix.
func (m *monitor) record(e *KernelEvent, f []string) {
	if strings.Contains(f[1], "/") {
		q := Policy{Line: e.Line}
		xfrmSelector(m.p, &q, f)
		m.lines(func(f []string) bool { return xfrmPolicyLine(m.p, &q, f) })
		e.Policy = &q
	} else {
		sa := KernelSA{Line: e.Line}
		var okS, okD bool
		sa.Source, okS = address(f[1])
		sa.Destination, okD = address(f[3])
		if !okS || !okD {
			m.p.fail(e.Line, ErrSyntax)
		}
		m.lines(func(f []string) bool {
			if f[0] == "hard" {
				e.Hard = len(f) > 1 && f[1] == "1"
				return true
			}
			return xfrmStateLine(&sa, f)
		})
		e.SA = &sa
	}
	m.keep(e)
}

// about reads an event that has the SA that it is about on a line below, or
// what an acquire asks for.
func (m *monitor) about(e *KernelEvent, rest string) {
	e.Text = strings.Join(strings.Fields(rest), " ")
	sa := KernelSA{Line: e.Line}
	m.lines(func(f []string) bool {
		switch f[0] {
		case "src", "dst":
			pairs(f, func(k, v string) bool {
				switch k {
				case "src":
					sa.Source, _ = address(v)
				case "dst":
					sa.Destination, _ = address(v)
				case "reqid":
					sa.ReqID = spiOf(v)
				case "protocol":
					sa.Protocol = xfrmProtocol(v)
				case "SPI":
					sa.SPI = spiOf(v)
				}
				return true
			})
		case "sel", "policy":
			if sa.Selector == "" {
				sa.Selector = strings.Join(f[1:], " ")
			}
		case "tmpl":
			pairs(f[1:], func(k, v string) bool {
				switch k {
				case "src":
					sa.Source, _ = address(v)
				case "dst":
					sa.Destination, _ = address(v)
				}
				return true
			})
		case "dir", "proto", "level", "seq", "lifetime", "limit:", "expire", "mark", "if_id":
		default:
			return false
		}
		return true
	})
	if sa.SPI != 0 || sa.Selector != "" {
		e.SA = &sa
	}
	m.keep(e)
}

// lines hands the words of the indented lines that follow to read.
func (m *monitor) lines(read func(f []string) bool) {
	for m.p.next() {
		if !indented(m.p.line) {
			m.p.back()
			return
		}
		if f := strings.Fields(m.p.line); len(f) > 0 && !read(f) {
			m.p.unknown()
		}
	}
}

// keep notes an event and what there is after it.
func (m *monitor) keep(e *KernelEvent) {
	if !m.p.room() {
		return
	}
	m.p.st.Events = append(m.p.st.Events, *e)
	switch {
	case e.Kind == EventFlushed && strings.Contains(m.p.st.Events[len(m.p.st.Events)-1].Text, "ptype"):
		m.policies = map[xfrmPolicyID]Policy{}
	case e.Kind == EventFlushed:
		m.sas = map[xfrmID]KernelSA{}
	case e.Policy != nil:
		q := e.Policy
		id := xfrmPolicyID{q.Source.String(), q.Destination.String(), q.Dir, q.Mark, q.IfID}
		if delete(m.policies, id); e.Kind == EventAdded || e.Kind == EventUpdated {
			m.policies[id] = *q
		}
	case e.SA != nil && e.Kind <= EventExpired && e.SA.SPI != 0:
		id := xfrmID{e.SA.Destination, e.SA.Protocol, e.SA.SPI}
		switch {
		case e.Kind == EventExpired && !e.Hard: // to be replaced soon
		case e.Kind == EventDeleted, e.Kind == EventExpired:
			delete(m.sas, id)
		default:
			m.sas[id] = *e.SA
		}
	}
}

// finish leaves what is there at the end, in order of appearance.
func (m *monitor) finish() {
	for _, sa := range m.sas {
		m.p.st.Kernel = append(m.p.st.Kernel, sa)
	}
	slices.SortFunc(m.p.st.Kernel, func(a, b KernelSA) int { return a.Line - b.Line })
	for _, q := range m.policies {
		m.p.st.Policies = append(m.p.st.Policies, q)
	}
	slices.SortFunc(m.p.st.Policies, func(a, b Policy) int { return a.Line - b.Line })
}
