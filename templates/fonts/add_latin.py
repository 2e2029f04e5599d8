# Adds the Latin letters and currency signs that Noto Sans SC lacks from
# Source Sans 3, the design its Latin letters are made from, at their size there.
# usage: add_latin.py NotoSansSC.ttf SourceSans3.ttf OUT.ttf   (fonttools; docs/decisions/0032)
import sys
from fontTools.ttLib import TTFont
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.pens.transformPen import TransformPen
base, extra, out = sys.argv[1:4]
b, s = TTFont(base, recalcTimestamp=False), TTFont(extra)
scale = 1.117
bc, sc = b.getBestCmap(), s.getBestCmap()
added = [c for c in [*range(0x100, 0x250), *range(0x1e00, 0x1f00), *range(0x20a0, 0x20c0)] if c in sc and c not in bc]
glyphs, order = s.getGlyphSet(), b.getGlyphOrder()
for c in added:
    record, pen, name = DecomposingRecordingPen(glyphs), TTGlyphPen(None), f"uni{c:04X}.x"
    glyphs[sc[c]].draw(record)
    record.replay(TransformPen(pen, (scale, 0, 0, scale, 0, 0)))
    b['glyf'].glyphs[name] = glyph = pen.glyph()
    order.append(name)
    glyph.recalcBounds(b['glyf'])
    b['hmtx'].metrics[name] = (round(s['hmtx'][sc[c]][0] * scale), glyph.xMin if glyph.numberOfContours else 0)
    for table in b['cmap'].tables:
        if table.isUnicode(): table.cmap[c] = name
b.setGlyphOrder(order); b['glyf'].glyphOrder = order
b['maxp'].numGlyphs = len(order)
b.save(out)
print(len(added), len(order))
