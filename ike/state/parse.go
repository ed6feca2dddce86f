package state

import (
	"bufio"
	"bytes"
	"io"
)

// Bounds of what Parse reads and keeps.
const (
	maxInput   = 64 << 20
	maxLine    = 64 << 10
	maxLines   = 2 << 20
	maxRecords = 65536
	maxUnknown = 256
	headSize   = 16 << 10
)

// reader reads one format.
type reader struct {
	format Format
	// knows reports whether a line is one that only this format has.
	knows func(line []byte) bool
	read  func(*parser)
}

// readers returns the formats that are read. A slice and not a variable, so
// that nothing can change it.
func readers() []reader {
	return []reader{
		{SwanctlSAs, isSwanctlSA, readSwanctl},
		{SwanctlRaw, isSwanctlRaw, readSwanctlRaw},
		{SwanctlConnections, isSwanctlConn, readSwanctlConns},
		{StrokeStatus, isStroke, readStroke},
		{XfrmStat, isXfrmCounter, readXfrmStat},
		{XfrmMonitor, isXfrmEvent, readXfrmMonitor},
		{XfrmState, nil, readXfrmState},
		{XfrmPolicy, nil, readXfrmPolicy},
		{SetkeySAs, nil, readSetkeySAs},
		{SetkeyPolicies, nil, readSetkeyPolicies},
		{WhackStatus, nil, readWhack},
		{WhackTraffic, isWhackTraffic, readWhackTraffic},
		{CiscoIKE, nil, readCiscoIKE},
		{CiscoIPsec, nil, readCiscoIPsec},
		{CiscoSession, isCiscoSession, readCiscoSession},
		{JunosIKE, nil, readJunos},
		{JunosIPsec, nil, readJunos},
		{JunosInactive, nil, readJunos},
		{JunosStatistics, nil, readJunos},
		{FortiTunnels, nil, readForti},
		{FortiGateways, nil, readForti},
		{FortiSummary, nil, readForti},
		{RouterOSPeers, nil, readRouterOS},
		{RouterOSSAs, nil, readRouterOS},
		{ViciSAs, nil, readViciJSON},
		{ViciConnections, nil, readViciJSON},
		{Sysctl, isSetting, readSysctl},
		{IPRouteGet, isRouteGet, readRouteGet},
		{Sockets, isSockets, readSockets},
		{Conntrack, isConntrack, readConntrack},
		{IPRoute, isRoute, readIPRoute},
		{Nstat, isNstat, readNstat},
		{Refusal, nil, readNotRunning},
	}
}

func readerOf(f Format) func(*parser) {
	for _, r := range readers() {
		if r.format == f {
			return r.read
		}
	}
	return nil
}

// Parse reads a dump. The State is never nil: it holds what could be read
// before and after a fault. The error, where there is one, is a *ParseError
// about the first fault. An empty input is a State without SAs.
//
// Parse reads at most 64 MiB in 2 million lines of at most 64 KiB each, and
// keeps at most 65536 records.
func Parse(name string, r io.Reader) (*State, error) {
	p := &parser{st: &State{Name: name, Up: -1, Connecting: -1}}
	p.in = bufio.NewReaderSize(r, maxLine)
	head, err := p.in.Peek(headSize)
	p.st.Format = Detect(head)
	if err != nil && err != io.EOF {
		p.fail(0, err)
		return p.st, p.err
	}
	switch read := readerOf(p.st.Format); {
	case p.st.Format == FormatEmpty:
		if len(head) < headSize {
			return p.st, nil
		}
		p.fail(0, ErrFormat) // nothing but white space, and no end of it
	case read == nil:
		p.fail(0, ErrFormat)
	default:
		read(p)
	}
	if p.err != nil {
		return p.st, p.err
	}
	return p.st, nil
}

// parser is what readers share: the lines, one of them looked at, and where
// faults go.
type parser struct {
	st      *State
	in      *bufio.Reader
	line    string // the current one, without its end
	n       int    // its number
	total   int
	held    bool // the current line is to be read again
	ended   bool
	records int
	err     *ParseError
}

// next moves to the next line.
func (p *parser) next() bool {
	if p.held {
		p.held = false
		return true
	}
	if p.ended {
		return false
	}
	b, err := p.in.ReadSlice('\n')
	long := err == bufio.ErrBufferFull
	p.n++
	if len(b) == 0 && err != nil {
		p.n--
		p.end(err)
		return false
	}
	p.line = string(bytes.TrimRight(b, "\r\n"))
	p.total += len(b)
	for err == bufio.ErrBufferFull { // the rest of a line that is too long
		p.fail(p.n, ErrTooLong)
		b, err = p.in.ReadSlice('\n')
		if p.total += len(b); p.total > maxInput {
			break
		}
	}
	if long {
		p.line = ""
	}
	if p.total > maxInput || p.n >= maxLines {
		p.fail(p.n, ErrTooLong)
		p.ended = true
	} else if err != nil {
		p.end(err)
	}
	p.st.Lines = p.n
	return true
}

func (p *parser) end(err error) {
	p.ended = true
	if err != io.EOF {
		p.fail(p.n, err)
	}
}

// back makes next return the current line once more.
func (p *parser) back() { p.held = true }

// fail records the first fault.
func (p *parser) fail(line int, err error) {
	if p.err == nil {
		p.err = &ParseError{Name: p.st.Name, Line: line, Format: p.st.Format, Err: err}
	}
}

// room reports whether one more record may be kept.
func (p *parser) room() bool {
	if p.records >= maxRecords {
		p.st.Dropped++
		return false
	}
	p.records++
	return true
}

// unknown keeps a line that no reader knows.
func (p *parser) unknown() {
	if blank(p.line) {
		return
	}
	if len(p.st.Unknown) >= maxUnknown {
		p.st.Dropped++
		return
	}
	p.st.Unknown = append(p.st.Unknown, Line{p.n, harmless(p.line)})
}
