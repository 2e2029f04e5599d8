package xlsx
import ("testing";"os";"duepack/render";"duepack/render/internal/book")
func TestZZ(t *testing.T){
 p:=book.Trading()
 for _,l:=range []string{"en","zh-CN"} {
 w,err:=render.New(l); if err!=nil{t.Fatal(err)}
 out,err:=Pack(p,w); if err!=nil{t.Fatal(err)}
 os.WriteFile("/tmp/lo/t-"+l+".xlsx",out,0o644)
 }
}
