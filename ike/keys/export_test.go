package keys

// What the tests look at.
var Prime = prime

// Kept returns the number of attempts that an Opener keeps.
func Kept(o *Opener) int { return len(o.attempts) }

// Computed returns how many secrets were made of a Ring's first private value.
func Computed(r *Ring) int { return r.s.sets[0].secrets }
