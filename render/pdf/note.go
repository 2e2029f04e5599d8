package pdf

import (
	"strconv"

	"duepack/analysis"
	"duepack/render/vector"
)

// Notes that must not be overlooked stand beside a sign on a tint, checks that
// passed beside a tick.
const (
	signWidth = 5.0
	notePad   = 1.7
)

// note adds a sentence.
func (l *layout) note(n *analysis.Note) {
	text := l.words.Note(l.pack, n)
	switch {
	case n.Alarm:
		l.signed(text, style{bodyPt, true, alarmInk}, exclamation(alarmInk), &alarmTint)
	case n.Good:
		l.signed(text, style{bodyPt, true, goodInk}, tick(goodInk), nil)
	default:
		l.paragraph(text, style{bodyPt, false, muted})
	}
}

// signed adds a sentence behind a sign, on a tint where there is one.
func (l *layout) signed(text string, s style, sign []mark, tint *color) {
	inset, pad := signWidth, 0.0
	if tint != nil {
		inset, pad = signWidth+2.4, notePad
	}
	lines := l.face(s).wrap(l.plain(text), s.sizePt, l.widthMM-inset-2)
	for i, one := range lines {
		top, height := 0.0, lineHeight(s.sizePt)
		if i == 0 {
			top, height = pad, height+pad
		}
		if i == len(lines)-1 {
			height += pad
		}
		out := &strip{Height: height, Keep: i < len(lines)-1 && i < 3}
		if tint != nil {
			out.Marks = append(out.Marks, box(0, 0, l.widthMM, height, *tint), box(0, 0, 0.9, height, s.color))
		}
		if i == 0 {
			out.Marks = append(out.Marks, moved(sign, inset-signWidth, top+(lineHeight(s.sizePt)-signSize)/2)...)
		}
		out.Marks = append(out.Marks, l.left(one, s, inset, baseline(top, s.sizePt), l.widthMM-inset-2))
		l.add(out)
	}
}

// signSize is the height and width of a sign.
const signSize = 3.4

// tick is a disc with a tick: the check passed.
func tick(c color) []mark {
	way := []segment{{Op: 'M', P: [3]point{{X: 0.95, Y: 1.75}}}, {Op: 'L', P: [3]point{{X: 1.5, Y: 2.35}}}, {Op: 'L', P: [3]point{{X: 2.5, Y: 1.1}}}}
	return []mark{&shape{Path: vector.Disc(signSize/2, signSize/2, signSize/2), Fill: &c},
		&shape{Path: way, Stroke: &paper, Width: 0.42, Round: true}}
}

// exclamation is a triangle with an exclamation mark.
func exclamation(c color) []mark {
	const mid = signSize / 2
	triangle := []segment{{Op: 'M', P: [3]point{{X: mid, Y: 0.1}}}, {Op: 'L', P: [3]point{{X: signSize, Y: signSize - 0.3}}}, {Op: 'L', P: [3]point{{X: 0, Y: signSize - 0.3}}}, {Op: 'Z'}}
	return []mark{&shape{Path: triangle, Fill: &c}, box(mid-0.2, 1.15, 0.4, 1.05, paper), box(mid-0.2, 2.4, 0.4, 0.4, paper)}
}

// list adds notes as a numbered list under the heading they share.
func (l *layout) list(notes []*analysis.Note) {
	const indent = 5.5
	l.heading(l.words.Text(notes[0].List))
	s := style{listPt, false, ink}
	for i, n := range notes {
		lines := l.face(s).wrap(l.plain(l.words.Note(l.pack, n)), s.sizePt, l.widthMM-indent)
		for j, one := range lines {
			out := &strip{Height: lineHeight(s.sizePt), Keep: j < len(lines)-1}
			base := baseline(0, s.sizePt)
			if j == 0 {
				out.Marks = append(out.Marks, l.left(strconv.Itoa(i+1), style{listPt, true, accent}, 0, base, indent-1))
			}
			out.Marks = append(out.Marks, l.left(one, s, indent, base, l.widthMM-indent))
			if to := l.shownElsewhere(n); to != "" {
				out.Marks = append(out.Marks, &area{At: point{X: 0, Y: 0}, W: l.widthMM, H: out.Height, To: to})
			}
			if j == len(lines)-1 {
				out.Height += 1.3
			}
			l.add(out)
		}
	}
}

// shownElsewhere returns the place of the section that has more about what a
// note names, "" where there is none.
func (l *layout) shownElsewhere(n *analysis.Note) string {
	for i := range n.Args {
		if to := l.placeOfCell(&n.Args[i]); to != "" {
			return to
		}
	}
	return ""
}
