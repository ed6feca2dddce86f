package config

// SectionRef is a name by which one statement means a section that stands
// elsewhere, such as the access list of a crypto map.
type SectionRef struct {
	// Kind is what is meant, in the format's own word: transform-set,
	// access-list, crypto map, keyring.
	Kind string
	Name string
	// In is the section that refers, At the statement.
	In string
	At Pos
	// Def is where the section begins that is meant, Defined whether there is
	// one.
	Def     Pos
	Defined bool
}

// Undefined returns the references to sections that do not exist, in order. A
// format without SectionRefs has them as Problems that wrap ErrReference.
func (c *Config) Undefined() []SectionRef {
	var out []SectionRef
	for _, r := range c.SectionRefs {
		if !r.Defined {
			out = append(out, r)
		}
	}
	return out
}
