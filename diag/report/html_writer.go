package report

import (
	"bytes"
	"html"
	"strconv"
)

// A markup writes HTML. Names of elements and attributes are constants of this
// package; whatever else goes into a document passes html.EscapeString.
type markup struct{ bytes.Buffer }

// open begins an element. attrs are names and values by turns; an attribute
// whose value is empty is left out, one whose name ends in "!" has none.
func (m *markup) open(element string, attrs ...safe) {
	m.WriteByte('<')
	m.WriteString(element)
	for i := 0; i+1 < len(attrs); i += 2 {
		switch name, value := string(attrs[i]), string(attrs[i+1]); {
		case value == "":
		case name[len(name)-1] == '!':
			m.WriteByte(' ')
			m.WriteString(name[:len(name)-1])
		default:
			m.WriteByte(' ')
			m.WriteString(name)
			m.WriteString(`="`)
			m.WriteString(html.EscapeString(value))
			m.WriteByte('"')
		}
	}
	m.WriteByte('>')
}

func (m *markup) close(element string) {
	m.WriteString("</")
	m.WriteString(element)
	m.WriteByte('>')
}

// end closes an element that ends a line.
func (m *markup) end(element string) {
	m.close(element)
	m.WriteByte('\n')
}

func (m *markup) text(s safe) { m.WriteString(html.EscapeString(string(s))) }

// el writes an element that holds a text.
func (m *markup) el(element string, text safe, attrs ...safe) {
	m.open(element, attrs...)
	m.text(text)
	m.close(element)
}

// line is el with the end of a line.
func (m *markup) line(element string, text safe, attrs ...safe) {
	m.el(element, text, attrs...)
	m.WriteByte('\n')
}

// in writes an element that holds what body writes.
func (m *markup) in(element string, body func(), attrs ...safe) {
	m.open(element, attrs...)
	m.WriteByte('\n')
	body()
	m.end(element)
}

// fold writes what is shown when somebody asks for it.
func (m *markup) fold(summary safe, open bool, body func()) {
	var on safe
	if open {
		on = "1"
	}
	m.open("details", "open!", on)
	m.line("summary", summary)
	body()
	m.end("details")
}

func number(n int) safe { return safe(strconv.Itoa(n)) }

// anchor makes an identifier of an ID: letters, digits and dashes.
func anchor(id safe) safe {
	b := []byte(id)
	for i, c := range b {
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') {
			b[i] = '-'
		}
	}
	return safe(b)
}
