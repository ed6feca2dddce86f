package logparse

import "bytes"

// exportRecord collects one record of journalctl -o export: fields on lines
// of their own up to a blank one. Fields of binary form (a name alone, a
// length of eight octets, the value) come through as lines and are skipped;
// nothing that matters here is written so.
type exportRecord struct {
	buf    []byte
	fields [exportCount]span
	number int // of the message's line
}

const (
	exportTime = iota
	exportHost
	exportProgram
	exportPID
	exportThread
	exportGroup
	exportLevel
	exportSA
	exportName
	exportMessage
	exportCount
)

var exportNames = [exportCount]string{"__REALTIME_TIMESTAMP", "_HOSTNAME", "SYSLOG_IDENTIFIER", "_PID",
	"THREAD", "GROUP", "LEVEL", "IKE_SA_UNIQUE_ID", "IKE_SA_NAME", "MESSAGE"}

// maxExport bounds what is kept of one record.
const maxExport = 1 << 20

// line takes one line and reports whether it is part of a record. The blank
// line that ends a record fills e.
func (x *exportRecord) line(p *Parser, line []byte, e *Event) bool {
	if len(line) == 0 {
		if p.open == openNone {
			return false
		}
		x.finish(p, e)
		return true
	}
	name, val, ok := bytes.Cut(line, []byte("="))
	if p.open == openNone {
		if !ok || !exportStart(name) {
			return false
		}
		p.open = openExport
		x.buf = x.buf[:0]
		x.fields = [exportCount]span{}
	}
	e.Kind, e.Text = Blank, nil
	p.stats.Blank++
	if !ok {
		return true
	}
	for i, n := range exportNames {
		if string(name) == n && len(x.buf)+len(val) <= maxExport {
			x.fields[i] = span{uint32(len(x.buf)), uint32(len(x.buf) + len(val))}
			x.buf = append(x.buf, val...)
			if i == exportMessage {
				x.number = e.Number
			}
		}
	}
	return true
}

func exportStart(name []byte) bool {
	switch string(name) {
	case "__CURSOR", "__REALTIME_TIMESTAMP", "__MONOTONIC_TIMESTAMP", "__SEQNUM":
		return true
	}
	return false
}

func (x *exportRecord) get(i int) []byte {
	s := x.fields[i]
	if s.to == 0 && s.from == 0 {
		return nil
	}
	return x.buf[s.from:s.to:s.to]
}

// finish fills e from the record, as if its message were a line.
func (x *exportRecord) finish(p *Parser, e *Event) {
	p.open = openNone
	msg := x.get(exportMessage)
	if msg == nil {
		e.Kind = Blank
		p.stats.Blank++
		return
	}
	pr := &e.Prefix
	setTime(pr, x.get(exportTime))
	pr.Host, pr.Program, pr.Connection = x.get(exportHost), x.get(exportProgram), x.get(exportName)
	pr.Group = x.get(exportGroup)
	if v, ok := parseUint(x.get(exportPID)); ok && v < 1<<32 {
		pr.PID = uint32(v)
	}
	if v, ok := parseUint(x.get(exportThread)); ok && v < 1<<31 {
		pr.Thread = int32(v)
	}
	if v, ok := parseUint(x.get(exportLevel)); ok && v < 100 {
		pr.Level = int8(v)
	}
	if v, ok := parseUint(x.get(exportSA)); ok {
		pr.SAID, pr.HasSAID = v, true
	}
	e.Line, e.Number = msg, x.number
	if pr.Program != nil && !knownProgram(pr.Program) && !p.names(pr.Program) && !innerPrefix(msg) {
		p.stats.Foreign++
		e.Kind, e.Text = Foreign, msg
		return
	}
	p.message(msg, e)
}
