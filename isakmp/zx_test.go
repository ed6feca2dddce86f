package isakmp
import "testing"
func TestZX(t *testing.T){
	msg:=mainMode1(1); var m Message
	for range 20000000 { m.Decode(msg,0) }
}
