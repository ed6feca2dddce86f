package isakmp
import ("testing";"time")
func TestZZ(t *testing.T){
	msg:=mainMode1(1); var m Message; var h Header
	m.Decode(msg,0)
	best:=func(f func()) time.Duration { b:=time.Duration(1<<60); for range 200 { s:=time.Now(); for range 2000 {f()}; b=min(b,time.Since(s)) }; return b/2 }
	sa:=m.Payloads[0]
	out,_:=m.AppendBinary(nil)
	t.Log("encode",best(func(){out,_=m.AppendBinary(out[:0])}))
	t.Log("walk",best(func(){walk3(&h,msg)}))
	t.Log("decode",best(func(){m.Decode(msg,0)}))
	t.Log("security",best(func(){m.reset(); m.security(0,&sa)}))
	t.Log("reset",best(func(){m.reset()}))
	nosa:=append([]byte(nil),msg...); nosa[16]=13
	t.Log("nosa",best(func(){m.Decode(nosa,0)}))
	t.Log("attributes",best(func(){m.reset(); m.readAttributes(sa.Body[24:])}), len(m.attributes))
	t.Log("transforms",best(func(){m.reset(); m.readTransforms(sa.Body[16:],1)}), len(m.attributes))
	t.Log("proposals",best(func(){m.reset(); m.readProposals(sa.Body[8:])}), len(m.attributes))
	msg8:=mainMode1(8);
	t.Log("decode8",best(func(){m.Decode(msg8,0)}), len(m.attributes))
}
