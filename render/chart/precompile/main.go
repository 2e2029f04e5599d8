// Command precompile writes charts.bytecode beside it, one folder up: the
// charting library with the script that draws, as the JavaScript engine
// would compile them at each start. It is run by go generate in render/chart, after
// a change of a script, of the library (make echarts) or of the engine's version.
package main

import (
	"encoding/binary"
	"errors"
	"log"
	"os"
	"path/filepath"

	"modernc.org/libc"
	engine "modernc.org/libquickjs"
)

// parts are the scripts in the order they run, from the folder render/chart.
var parts = []string{"before.js", "../../templates/echarts/echarts.svg.min.js", "draw.js"}

func main() {
	log.SetFlags(0)
	bytecode, err := compile(".")
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("charts.bytecode", bytecode, 0o644); err != nil {
		log.Fatal(err)
	}
}

// compile returns the bytecode of all parts as one script, without the texts of
// its functions and the numbers of its lines: three quarters of it are that, and
// reading it takes as much longer.
func compile(folder string) ([]byte, error) {
	var script []byte
	for _, part := range parts {
		text, err := os.ReadFile(filepath.Join(folder, part))
		if err != nil {
			return nil, err
		}
		script = append(append(script, text...), '\n')
	}
	thread := libc.NewTLS()
	defer thread.Close()
	machine := engine.XJS_NewRuntime(thread)
	engine.XJS_SetStripInfo(thread, machine, engine.MJS_STRIP_DEBUG)
	context := engine.XJS_NewContext(thread, machine)
	text, err := libc.CString(string(script))
	if err != nil {
		return nil, err
	}
	name, err := libc.CString("charts")
	if err != nil {
		return nil, err
	}
	function := engine.XJS_Eval(thread, context, text, engine.Tsize_t(len(script)), name, engine.MJS_EVAL_FLAG_COMPILE_ONLY)
	size := libc.Xcalloc(thread, 1, 8)
	bytecode := engine.XJS_WriteObject(thread, context, size, function, engine.MJS_WRITE_OBJ_BYTECODE)
	if bytecode == 0 {
		return nil, errors.New("the scripts cannot be compiled")
	}
	// What the engine holds is let go with the process.
	return libc.GoBytes(bytecode, int(binary.NativeEndian.Uint64(libc.GoBytes(size, 8)))), nil
}
