package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/ikediag/ikediag/diag"
)

// Bounds of what Markdown holds: a ticket takes 64 KB.
const (
	mdParts   = 4        // tunnels and gateways with findings that are shown whole
	mdRoom    = 32 << 10 // octets after which no further one is
	mdBrief   = 60       // the others, in a line each
	mdQuiet   = 40
	mdOthers  = 6
	mdTallies = 12
	mdSources = 60
	mdWidth   = 80 // of a ladder
)

// An mdPage writes a report for a ticket or a chat.
type mdPage struct {
	bytes.Buffer
	page *page
}

// writeMarkdown writes a report in Markdown: CommonMark, with tables and what
// folds as tickets have them.
func writeMarkdown(w io.Writer, r *diag.Report, o *Options) error {
	m := &mdPage{page: pageOf(r, o, mdParts)}
	m.document()
	if _, err := w.Write(m.Bytes()); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

func (m *mdPage) document() {
	p := m.page
	m.para("**" + string(p.label) + ":** " + mdText(twoWay(p.sentence)))
	shown := 0
	for ; shown < min(len(p.parts), mdParts) && m.Len() < mdRoom; shown++ {
		m.part(p.parts[shown])
	}
	m.brief(p.parts[shown:])
	m.quiet()
	for _, t := range p.lists {
		m.tallies(t)
	}
	m.sources()
}

// para writes a paragraph.
func (m *mdPage) para(text string) {
	if m.Len() > 0 {
		m.WriteByte('\n')
	}
	m.WriteString(text + "\n")
}

func (m *mdPage) heading(level int, text safe) {
	m.para(strings.Repeat("#", level) + " " + mdText(text))
}

// items writes a list.
func (m *mdPage) items(list []string) {
	if len(list) > 0 {
		m.para("- " + strings.Join(list, "\n- "))
	}
}

// table writes a table. Its cells are escaped.
func (m *mdPage) table(head []string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	lines := make([]string, 0, len(rows)+2)
	for i, r := range append([][]string{head}, rows...) {
		lines = append(lines, "| "+strings.Join(r, " | ")+" |")
		if i == 0 {
			lines = append(lines, "|"+strings.Repeat("---|", len(head)))
		}
	}
	m.para(strings.Join(lines, "\n"))
}

// fold writes what is shown when somebody asks for it.
func (m *mdPage) fold(summary safe, body func()) {
	m.para("<details><summary>" + mdHTML(summary) + "</summary>")
	body()
	m.para("</details>")
}

// fence writes text that is laid out already.
func (m *mdPage) fence(lines []string) {
	all := strings.Join(lines, "\n")
	f := strings.Repeat("`", max(ticks(all)+1, 3))
	m.para(f + "text\n" + all + "\n" + f)
}

// mdCodeOf writes a code as a link to its explanation.
func mdCodeOf(c diag.Code) string {
	if url := codeLink(c); url != "" {
		return "[" + mdText(brief(string(c))) + "](" + string(url) + ")"
	}
	return mdCode(brief(string(c)), false)
}

// brief writes parts that are not shown whole, a line each.
func (m *mdPage) brief(parts []*part) {
	if len(parts) == 0 {
		return
	}
	m.heading(2, "More of that kind")
	var list []string
	for _, x := range parts[:min(len(parts), mdBrief)] {
		f := x.incidents[0].head
		list = append(list, fmt.Sprintf("**%s**: %s (%s, %s)", mdText(twoWay(x.title)), mdText(say(f.Summary)), mdCodeOf(f.Code), mdText(word(f.Verdict.String()))))
	}
	if n := len(parts) - mdBrief; n > 0 {
		list = append(list, string("and "+plural(n, "other")))
	}
	m.items(list)
}

// quiet lists the tunnels of which nothing bad is said.
func (m *mdPage) quiet() {
	quiet := m.page.quiet
	if len(quiet) == 0 {
		return
	}
	if len(m.page.parts) > 0 {
		m.heading(2, "Other tunnels")
	}
	var rows [][]string
	for _, x := range quiet[:min(len(quiet), mdQuiet)] {
		state := ""
		if x.tunnel != nil {
			state = mdCell(standing(x.tunnel))
		}
		for _, f := range x.past {
			state += "; over by now: " + mdCell(f.text)
		}
		rows = append(rows, []string{mdCell(twoWay(x.title)), state})
	}
	m.table([]string{"tunnel", "state"}, rows)
	if n := len(quiet) - mdQuiet; n > 0 {
		m.para("and " + string(plural(n, "other")))
	}
}

// tallies lists codes that are no faults.
func (m *mdPage) tallies(ts tallies) {
	if len(ts.list) == 0 {
		return
	}
	m.heading(2, ts.title)
	var list []string
	for _, t := range ts.list[:min(len(ts.list), mdTallies)] {
		text := mdText(upper(stop(t.text))) + " " + mdCodeOf(t.all[0].finding.Code)
		for i, at := range t.instead {
			if i == insteadShown {
				text += fmt.Sprintf("\n  - and in %d other places", len(t.instead)-i)
				break
			}
			text += "\n  - write " + mdCode(at, false)
		}
		list = append(list, text)
	}
	if n := len(ts.list) - mdTallies; n > 0 {
		list = append(list, string("and "+plural(n, "other")))
	}
	m.items(list)
}

// sources lists what was read.
func (m *mdPage) sources() {
	list := m.page.sources
	if len(list) == 0 {
		return
	}
	m.fold(m.page.read()+": "+plural(len(list), "source"), func() {
		var rows [][]string
		for _, o := range list[:min(len(list), mdSources)] {
			text := mdCell(o.text)
			if o.err != "" {
				text += "; **error:** " + mdCell(o.err)
			}
			for _, f := range o.notRead {
				text += "; not read: " + mdCell(f)
			}
			rows = append(rows, []string{mdCode(o.name, true), text})
		}
		m.table([]string{"source", "what it is"}, rows)
		if n := len(list) - mdSources; n > 0 {
			m.para("and " + string(plural(n, "other")))
		}
	})
}
