package logparse

import (
	"bytes"
	"math/bits"
	"sync"
)

// strangers are the daemons whose logs are not read yet, so that somebody can be
// told whose log it is: by a mark that only that daemon's lines have, and its
// score.
var strangers = [...]struct {
	name, mark string
	score      int
}{
	{"openiked", " iked[", 80},
	{"azure", "SESSION_ID :{", 90},
}

// allMarks are the marks of all dialects, by their place in the list, and behind
// them those of strangers.
var allMarks struct {
	once sync.Once
	phrases
	scored   []int  // the dialects that go by what stands behind a header
	detected uint64 // those that go by the line as it is: they all have marks
}

func marks() *phrases {
	allMarks.once.Do(gatherMarks)
	return &allMarks.phrases
}

// has reports whether a line may be the dialect's, given whose marks it has.
func (d *Dialect) has(marked uint64) bool { return d.marks == nil || marked&d.bit != 0 }

func gatherMarks() {
	s := &allMarks.phrases
	add := func(of int, list ...string) {
		for _, m := range list {
			s.list, s.of = append(s.list, m), append(s.of, uint8(of))
		}
	}
	for i, d := range dialects {
		switch d.bit = 1 << i; {
		case d.score != nil:
			allMarks.scored = append(allMarks.scored, i)
		case d.Detect != nil:
			allMarks.detected |= d.bit
		}
		for _, list := range d.marks {
			add(i, list...)
		}
	}
	for i := range strangers {
		add(len(dialects)+i, strangers[i].mark)
	}
}

const (
	detectBytes = 64 << 10
	detectLines = 400
	// plainLines are enough where each that is a daemon's for sure is the same
	// daemon's.
	plainLines = 16
	// sureLine is the score of a line that is a daemon's for sure.
	sureLine = 90
	// likely is what likeness gives a line that is like a daemon's.
	likely = 60
)

// Detect looks at the head of a stream, up to 64 KiB of it, and names the
// daemon that wrote most of it, one of Dialects and own: also one whose logs are
// not read, where dialect is nil. A score of 0 means that it is no IKE daemon's
// log that anybody here knows, 100 that there is no doubt; from 50 on it is quite
// sure.
func Detect(head []byte, own ...*Dialect) (name string, dialect *Dialect, score int) {
	head = head[:min(len(head), detectBytes)]
	c := censuses.Get().(*census)
	defer censuses.Put(c)
	if c.read(head, false); !c.decided() {
		c.read(head, true)
	}
	best := 0
	for _, d := range own {
		if t := d.heard(head); t.sum > best {
			best, name, dialect, score = t.sum, d.Name, d, t.score()
		}
	}
	for i, d := range dialects {
		if n := c.ours[i].sum; n > best {
			best, name, dialect, score = n, d.Name, d, c.ours[i].score()
		}
	}
	for i := range c.theirs {
		if n := c.theirs[i].sum; n > best {
			best, name, dialect, score = n, strangers[i].name, nil, c.theirs[i].score()
		}
	}
	if score == 0 {
		return "", nil, 0
	}
	return name, dialect, score
}

// censuses are used again: who reads one log reads many.
var censuses = sync.Pool{New: func() any { return new(census) }}

// census is what the lines of a head say for each daemon.
type census struct {
	ours   [len(dialects)]tally
	theirs [len(strangers)]tally
	// left is how much more it may be by lines of which no dialect was asked whether
	// they are like its own, since they are one's for sure; told is how much of that
	// each has already.
	left int
	told [len(dialects)]int
	json jsonLine
	csv  csvLine
	pr   Prefix // for likeness
	last header // of the last line
}

// message returns the message of a line that is an object of JSON or a member of
// one, a record of comma-separated values or a field of a journal's record, any
// other line as it is.
func (c *census) message(line []byte, pr *Prefix) []byte {
	var rest []byte
	var ok bool
	switch line[0] {
	case '{':
		rest, ok = c.json.parse(line, pr)
	case '"':
		if rest, ok = c.csv.parse(line, pr); !ok {
			rest, ok = prettyMember(line)
		}
	case 'M':
		rest, ok = bytes.CutPrefix(line, []byte("MESSAGE="))
	}
	if rest = trimLeft(rest); ok && len(rest) > 0 {
		return rest
	}
	return line
}

// read takes the lines of a head. All are asked of each dialect where it says so;
// else a line that is one's for sure is asked of no other's templates, which is
// most of the work.
func (c *census) read(head []byte, all bool) {
	*c = census{}
	lines, plain, whose, mixed := 0, 0, -1, false
	marks := marks()
	for len(head) > 0 && lines < detectLines && (plain < plainLines || mixed) {
		line := head
		if i := bytes.IndexByte(head, '\n'); i >= 0 {
			line, head = head[:i], head[i+1:]
		} else {
			head = nil
		}
		line = bytes.TrimPrefix(bytes.TrimSpace(line), []byte("\xef\xbb\xbf"))
		line = line[:min(len(line), 2048)]
		if len(line) == 0 {
			continue
		}
		if prettyOther(line) {
			continue // of those that say nothing there are dozens to each that does
		}
		lines++
		marked := marks.whose(line)
		if sure, by := c.line(line, marked, all); sure >= sureLine {
			mixed = mixed || whose >= 0 && whose != by
			whose = by
			plain++
		}
		for i := range strangers {
			if marked>>(len(dialects)+i)&1 != 0 {
				c.theirs[i].add(strangers[i].score)
				mixed = true
			}
		}
	}
}

// header is parseHeader for a Prefix that says nothing yet. Most lines have the
// header of the one before, whose digits alone may differ: what follows it is the
// message where a program or the message's own beginning tells so.
func (c *census) header(line []byte, pr *Prefix) (rest []byte, foreign bool) {
	h := &c.last
	if rest, ok := h.cut(line); ok && len(rest) > 0 && rest[0] > ' ' && !h.foreign {
		own := h.prefix.Program != nil
		if !own {
			own, foreign = ownStart(rest)
		}
		if own {
			*pr = h.prefix
			pr.Time, pr.last = line[h.timeFrom:h.timeTo:h.timeTo], nil
			return rest, foreign
		}
	}
	rest, foreign = parseHeader(line, pr)
	h.learn(line, len(line)-len(rest), pr, foreign && pr.Program != nil)
	return rest, foreign
}

// line counts a line, given whose marks it has, and returns the highest score and
// the first dialect that has it.
func (c *census) line(line []byte, marked uint64, all bool) (sure, by int) {
	var pr Prefix
	text := c.message(line, &pr)
	rest, foreign := c.header(text, &pr)
	for range 2 { // an object behind a header, or in another one
		if rest = trimLeft(rest); len(rest) == 0 || rest[0] != '{' {
			break
		}
		text = c.message(rest, &pr)
		rest, foreign = parseHeader(text, &pr)
	}
	inner := len(text) < len(line)
	if inner {
		marked |= marks().whose(text)
		foreign = foreign || pr.Program != nil && !knownProgram(pr.Program) && !innerPrefix(rest)
	}
	var scores [len(dialects)]int
	if begin := trimLeft(rest); !foreign {
		for _, i := range allMarks.scored {
			scores[i] = dialects[i].score(begin, pr, dialects[i].has(marked))
			sure = max(sure, scores[i])
		}
	}
	for left := marked & allMarks.detected; left != 0; left &= left - 1 {
		i := bits.TrailingZeros64(left)
		if scores[i] = dialects[i].Detect(line); inner {
			scores[i] = max(scores[i], dialects[i].Detect(text))
		}
		sure = max(sure, scores[i])
	}
	most := 0
	switch {
	case foreign:
	case all || sure < sureLine:
		for i, s := range scores {
			if s < likely {
				c.pr = pr
				scores[i] = max(s, dialects[i].likeness(rest, &c.pr))
			}
		}
	default:
		most = likeliest(&pr)
		c.left += most
	}
	sure, by = 0, -1
	for i := range scores {
		s := scores[i]
		if s == 0 {
			continue
		}
		c.ours[i].add(s)
		c.told[i] += min(s, most)
		if s > sure {
			sure, by = s, i
		}
	}
	return sure, by
}

// best is the first dialect that most was said for.
func (c *census) best() (best int) {
	for i := range c.ours {
		if c.ours[i].sum > c.ours[best].sum {
			best = i
		}
	}
	return best
}

// decided reports whether what was not asked would change nothing.
func (c *census) decided() bool {
	best := c.best()
	for i := range c.ours {
		most := c.ours[i].sum + c.left - c.told[i]
		if most > c.ours[best].sum || most == c.ours[best].sum && i < best {
			return false
		}
	}
	return true // nothing of the best one was left
}

// headed scores a line by what stands behind its header, if that is not another
// program's.
func headed(line []byte, score func(rest []byte, p Prefix, marked bool) int) int {
	var pr Prefix
	rest, foreign := parseHeader(line, &pr)
	if foreign {
		return 0
	}
	return score(trimLeft(rest), pr, true)
}

// tally adds up what lines say for a daemon.
type tally struct{ sum, best, lines int }

func (t *tally) add(weight int) {
	if weight > 0 {
		t.sum += weight
		t.lines++
		t.best = max(t.best, weight)
	}
}

// score is that of the best line, a little more if there are several.
func (t *tally) score() int { return min(100, t.best+min(t.lines-1, 10)) }

// likeness scores a bare text, and what its header said, by whether it is one of
// the dialect's messages and one that says something of its own. What stands
// before the message is added to pr.
func (d *Dialect) likeness(b []byte, pr *Prefix) int {
	if d.Prefix != nil {
		b = d.Prefix(b, pr)
	}
	b = trimRight(trimLeft(b))
	if len(b) == 0 {
		return 0
	}
	var spans [maxFields]span
	all := d.compiled()
	i := all.walk(0, b, 0, 0, &spans)
	if i < 0 {
		return 0
	}
	switch all.templates[i].Kind {
	case Plain, ConfigSection, ConfigSetting, ConnectionLoading, SelectorsItem, DumpStart, SecretDump, ConfigError, KernelSA, PluginFailed:
		return 0
	}
	return likeliest(pr)
}

// likeliest is the most that likeness gives a line behind a header.
func likeliest(pr *Prefix) int {
	if pr.Program != nil && knownProgram(pr.Program) {
		return 80
	}
	return likely
}
