package logparse

// plutoAudits are pluto's records for Linux audit: the name, state and time are
// taken from them as a prefix is.
var plutoAudits = []Template{
	{SAEstablished, "", "type=CRYPTO_IKE_SA {:text}'op=start direction=initiator conn-name=\"{:text}\" connstate={:text} ike-version={:text} raddr={remote:word} {:text} addr={local:word} {:text} res=success'{:rest}", "", ""},
	{EstablishFailed, "", "type=CRYPTO_IKE_SA {:text}'op=start direction=initiator conn-name=\"{:text}\" connstate={:text} ike-version={:text} raddr={:word} {:text} addr={:word} {:text} res=failed'{:rest}", "", ""},
	{SADeleting, "", "type=CRYPTO_IKE_SA {:text}'op=destroy direction=initiator conn-name=\"{:text}\" connstate={:text} ike-version={:text} raddr={remote:word} {:text} addr={local:word} {:text} res=success'{:rest}", "", ""},
	{SAEstablished, "", "type=CRYPTO_IKE_SA {:text}'op=start direction=responder conn-name=\"{:text}\" connstate={:text} ike-version={:text} raddr={remote:word} {:text} addr={local:word} {:text} res=success'{:rest}", "", ""},
	{EstablishFailed, "", "type=CRYPTO_IKE_SA {:text}'op=start direction=responder conn-name=\"{:text}\" connstate={:text} ike-version={:text} raddr={:word} {:text} addr={:word} {:text} res=failed'{:rest}", "", ""},
	{SADeleting, "", "type=CRYPTO_IKE_SA {:text}'op=destroy direction=responder conn-name=\"{:text}\" connstate={:text} ike-version={:text} raddr={remote:word} {:text} addr={local:word} {:text} res=success'{:rest}", "", ""},
	{ChildEstablished, "", "type=CRYPTO_IPSEC_SA {:text}'op=start conn-name=\"{child:text}\" {:text} in-spi={:text}(0x{spiin:hex}) out-spi={:text}(0x{spiout:hex}) {:text} res=success'{:rest}", "", ""},
	{ChildFailed, "", "type=CRYPTO_IPSEC_SA {:text}'op=start conn-name=\"{child:text}\" {:text} in-spi={:text} res=failed'{:rest}", "", ""},
	{ChildClosing, "", "type=CRYPTO_IPSEC_SA {:text}'op=destroy conn-name=\"{child:text}\" {:text} in-spi={:text}(0x{spiin:hex}) out-spi={:text}(0x{spiout:hex}) {:text} res=success'{:rest}", "", ""},
}
