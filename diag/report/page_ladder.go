package report

type ladderView struct{}
type settingView struct{}

func (b *builder) ladders(s *section) []*ladderView   { return nil }
func (b *builder) settings(s *section) []*settingView { return nil }
