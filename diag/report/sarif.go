package report

import (
	"io"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/ikediag/ikediag/diag"
)

// SARIF 2.1.0 is an OASIS standard: sections are those of
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/.
const (
	sarifVersion = "2.1.0"
	sarifSchema  = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	projectURL   = "https://github.com/ikediag/ikediag"
)

// The sarif types are what of section 3 a report needs.
type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool         `json:"tool"`
	Invocations []sarifInvocation `json:"invocations"`
	Artifacts   []sarifArtifact   `json:"artifacts"`
	Results     []sarifResult     `json:"results"`
	ColumnKind  string            `json:"columnKind"`
	Properties  map[string]any    `json:"properties"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name           string      `json:"name"`
	Version        safe        `json:"version"`
	InformationURI string      `json:"informationUri"`
	Rules          []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID      safe           `json:"id"`
	Short   *sarifMessage  `json:"shortDescription,omitempty"`
	HelpURI safe           `json:"helpUri,omitempty"`
	Default *sarifDefault  `json:"defaultConfiguration,omitempty"`
	Bag     map[string]any `json:"properties,omitempty"`
}

type sarifDefault struct {
	Level string `json:"level"`
}

type sarifMessage struct {
	Text safe `json:"text"`
}

type sarifInvocation struct {
	Successful    bool                `json:"executionSuccessful"`
	Notifications []sarifNotification `json:"toolExecutionNotifications"`
}

type sarifNotification struct {
	Level     string          `json:"level"`
	Message   sarifMessage    `json:"message"`
	Locations []sarifLocation `json:"locations"`
}

type sarifArtifact struct {
	Location    sarifArtifactLocation `json:"location"`
	Description *sarifMessage         `json:"description,omitempty"`
}

type sarifArtifactLocation struct {
	URI   safe `json:"uri"`
	Index *int `json:"index,omitempty"`
}

type sarifResult struct {
	RuleID       safe               `json:"ruleId"`
	RuleIndex    int                `json:"ruleIndex"`
	Kind         string             `json:"kind"`
	Level        string             `json:"level"`
	Message      sarifMessage       `json:"message"`
	Locations    []sarifLocation    `json:"locations"`
	Related      []sarifLocation    `json:"relatedLocations,omitempty"`
	Fingerprints map[string]safe    `json:"partialFingerprints,omitempty"`
	Suppressions []sarifSuppression `json:"suppressions,omitempty"`
	Properties   map[string]any     `json:"properties"`
}

type sarifSuppression struct {
	Kind string `json:"kind"`
}

type sarifLocation struct {
	ID       *int             `json:"id,omitempty"`
	Physical *sarifPhysical   `json:"physicalLocation,omitempty"`
	Logical  []sarifLogical   `json:"logicalLocations,omitempty"`
	Message  *sarifMessage    `json:"message,omitempty"`
	Bag      map[string]int64 `json:"properties,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifArtifactLocation `json:"artifactLocation"`
	Region   *sarifRegion          `json:"region,omitempty"`
}

type sarifRegion struct {
	StartLine int           `json:"startLine"`
	Snippet   *sarifMessage `json:"snippet,omitempty"`
}

type sarifLogical struct {
	Name      safe   `json:"name"`
	Qualified safe   `json:"fullyQualifiedName"`
	Kind      string `json:"kind"`
}

// A sarifWriter builds the one run of a log.
type sarifWriter struct {
	resolver
	artifacts map[*diag.SourceReport]int
	run       sarifRun
	rules     map[diag.Code]int
}

// writeSARIF writes a report for tools that collect results: each finding is a
// result, each code a rule.
func writeSARIF(w io.Writer, r *diag.Report, o *Options) error {
	g := generator(o)
	s := sarifWriter{resolver: resolve(r), artifacts: map[*diag.SourceReport]int{}, rules: map[diag.Code]int{}}
	s.run = sarifRun{
		Tool:        sarifTool{sarifDriver{Name: g.Name, Version: g.Version, InformationURI: projectURL, Rules: []sarifRule{}}},
		Invocations: []sarifInvocation{{Successful: true, Notifications: []sarifNotification{}}},
		Artifacts:   []sarifArtifact{}, Results: []sarifResult{}, ColumnKind: "unicodeCodePoints",
		Properties: map[string]any{"verdict": word(r.Verdict.String()), "catalogue": g.Catalogue},
	}
	for i := range r.Sources {
		s.declare(&r.Sources[i], i)
	}
	for i := range r.Findings {
		s.result(&r.Findings[i], false)
	}
	for i := range r.Silenced {
		s.result(&r.Silenced[i], true)
	}
	return encode(w, &sarifLog{Schema: sarifSchema, Version: sarifVersion, Runs: []sarifRun{s.run}}, "  ")
}

// declare notes a source, and says what is wrong with it.
func (s *sarifWriter) declare(src *diag.SourceReport, i int) {
	s.artifacts[src] = i
	s.run.Artifacts = append(s.run.Artifacts, sarifArtifact{Location: sarifArtifactLocation{URI: uri(src.Name)}, Description: &sarifMessage{sourceText(src)}})
	if src.Err != "" {
		inv := &s.run.Invocations[0]
		inv.Notifications = append(inv.Notifications, sarifNotification{"error", sarifMessage{prose(src.Err)}, []sarifLocation{{Physical: &sarifPhysical{Artifact: s.artifact(src)}}}})
	}
}

func (s *sarifWriter) artifact(src *diag.SourceReport) sarifArtifactLocation {
	i := s.artifacts[src]
	return sarifArtifactLocation{URI: uri(src.Name), Index: &i}
}

// uri makes a URI of the name of a source (section 3.4.3): of a file's absolute
// name one with a scheme, else a relative one.
func uri(name string) safe {
	p := string(clean(name, maxPath))
	u := url.URL{Path: path.Clean(strings.ReplaceAll(p, "\x00", ""))}
	if strings.HasPrefix(p, "/") {
		u.Scheme = "file"
	}
	if p == "" {
		u.Path = "unnamed"
	}
	return safe(u.String())
}

// rule returns the index of a code among the rules.
func (s *sarifWriter) rule(f *diag.Finding) int {
	if i, ok := s.rules[f.Code]; ok {
		return i
	}
	i := len(s.rules)
	s.rules[f.Code] = i
	rule := sarifRule{ID: name(string(f.Code)), HelpURI: codeLink(f.Code)}
	if t := title(f.Code); t != "" {
		rule.Short = &sarifMessage{upper(stop(t))}
	}
	if e, ok := diag.Lookup(f.Code); ok {
		rule.Default = &sarifDefault{level(e.Severity)}
		rule.Bag = map[string]any{"tags": []safe{word(e.Phase.String()), word(e.Kind.String())}}
	}
	s.run.Tool.Driver.Rules = append(s.run.Tool.Driver.Rules, rule)
	return i
}

// level is what SARIF calls a severity (section 3.27.10).
func level(s diag.Severity) string {
	switch s {
	case diag.Critical, diag.Error:
		return "error"
	case diag.Warning:
		return "warning"
	}
	return "note"
}

func (s *sarifWriter) result(f *diag.Finding, silenced bool) {
	r := sarifResult{
		RuleID: name(string(f.Code)), RuleIndex: s.rule(f), Kind: "fail", Level: level(f.Severity), Message: sarifMessage{sarifText(f)},
		Properties: map[string]any{
			"verdict": word(f.Verdict.String()), "kind": word(f.Kind.String()), "severity": word(f.Severity.String()), "status": word(f.Status.String()),
			"phase": word(f.Phase.String()), "fixAt": word(f.FixAt.String()), "count": f.Count, "id": name(f.ID), "incident": name(f.Incident), "tunnel": name(f.Tunnel),
		},
	}
	// What is no failure has no level (section 3.27.10).
	switch f.Kind {
	case diag.OK:
		r.Kind, r.Level = "pass", "none"
	case diag.Note:
		r.Kind, r.Level = "informational", "none"
	}
	if f.Fingerprint != "" {
		r.Fingerprints = map[string]safe{"ikediag/v1": name(f.Fingerprint)}
	}
	if silenced {
		r.Suppressions = []sarifSuppression{{"external"}}
	}
	s.locate(&r, f)
	s.run.Results = append(s.run.Results, r)
}

// sarifText says what is wrong and what to do.
func sarifText(f *diag.Finding) safe {
	text := upper(stop(prose(f.Summary)))
	if text == "" {
		text = name(string(f.Code))
	}
	var done []string
	for _, r := range f.Remedies {
		if r.Action != "" && !slices.Contains(done, r.Action) {
			done = append(done, r.Action)
			text += " " + upper(stop(prose(r.Action)))
		}
	}
	return text
}

// locate lists the places that show a finding, the best as the result's own,
// the others as related ones. Where the configuration has to change, that is
// the place.
func (s *sarifWriter) locate(r *sarifResult, f *diag.Finding) {
	r.Locations = []sarifLocation{}
	for _, x := range f.Remedies {
		if src := s.source(x.Source); src != nil && x.Line > 0 && len(r.Locations) == 0 {
			r.Locations = append(r.Locations, sarifLocation{Physical: &sarifPhysical{s.artifact(src), &sarifRegion{StartLine: x.Line}}})
		}
	}
	best := slices.Clone(f.Evidence)
	slices.SortStableFunc(best, func(a, b diag.Evidence) int { return int(weightOf(&b)) - int(weightOf(&a)) })
	for i := range best {
		l, ok := s.location(&best[i])
		switch {
		case !ok:
		case len(r.Locations) == 0 && !best[i].Against:
			r.Locations = append(r.Locations, l)
		default:
			id := len(r.Related)
			l.ID = &id
			r.Related = append(r.Related, l)
		}
	}
}

func weightOf(e *diag.Evidence) diag.Weight {
	if e.Against {
		return diag.Background
	}
	return e.Weight
}

// location is a place in a source: a line as a region, a frame as a logical
// location, since a capture has no lines.
func (s *sarifWriter) location(e *diag.Evidence) (l sarifLocation, ok bool) {
	src := s.source(e.Source)
	if src == nil {
		return l, false
	}
	l.Physical = &sarifPhysical{Artifact: s.artifact(src)}
	text := prose(e.Text)
	if e.Kind == diag.EvidenceAbsence {
		text = absence(e)
	}
	if e.Against && text != "" {
		text = "Speaks against it: " + text
	}
	if text != "" {
		l.Message = &sarifMessage{text}
	}
	switch {
	case e.Where.Frame > 0:
		n := "frame " + number(e.Where.Frame)
		l.Logical = []sarifLogical{{Name: n, Qualified: clean(src.Name, maxPath) + "/" + n, Kind: "frame"}}
		l.Bag = map[string]int64{"frame": int64(e.Where.Frame)}
	case e.Where.Line > 0:
		l.Physical.Region = &sarifRegion{StartLine: e.Where.Line}
		if e.Kind != diag.EvidenceAbsence && e.Text != "" {
			l.Physical.Region.Snippet = &sarifMessage{prose(e.Text)}
		}
	}
	return l, true
}
