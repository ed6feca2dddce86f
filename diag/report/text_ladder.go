package report

func (p *printer) exchange(s *part, ladder bool) {}
