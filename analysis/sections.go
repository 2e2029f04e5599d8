package analysis

func sections(p *Pack) []Section { return nil }
