package logparse

// racoonDebug are the heads of the hex dumps that racoon writes with -d and
// more: what is secret, and what is none.
var racoonDebug = []Template{
	{SecretDump, "", "compute DH's private.{name=DH private}", "", ""},
	{SecretDump, "", "compute DH's shared.{name=compute DH's shared.}", "", ""},
	{SecretDump, "", "the psk found.{name=psk}", "", ""},
	{SecretDump, "", "psk:{name=psk}", "", ""},
	{SecretDump, "", "SKEYID computed:{name=SKEYID computed:}", "", ""},
	{SecretDump, "", "SKEYID_d computed:{name=SKEYID_d computed:}", "", ""},
	{SecretDump, "", "SKEYID_a computed:{name=SKEYID_a computed:}", "", ""},
	{SecretDump, "", "SKEYID_e computed:{name=SKEYID_e computed:}", "", ""},
	{SecretDump, "", "compute intermediate encryption key K{:num}{name=K}", "", ""},
	{SecretDump, "", "final encryption key computed:{name=final encryption key computed:}", "", ""},
	{SecretDump, "", "with key:{name=with key}", "", ""},
	{SecretDump, "", "KEYMAT computed.{name=KEYMAT}", "", ""},
	{SecretDump, "", "KEYMAT compute with{name=KEYMAT with}", "", ""},
	{SecretDump, "", "decrypted payload by IV:{name=decrypted}", "", ""},
	{SecretDump, "", "decrypted payload, but not trimed.{name=decrypted}", "", ""},
	{DumpStart, "", "IV computed:{name=IV computed:}", "", ""},
	{DumpStart, "", "compute DH's public.{name=DH public}", "", ""},
	{DumpStart, "", "IDci:{name=id}", "", ""},
	{DumpStart, "", "IDcr:{name=id}", "", ""},
	{DumpStart, "", "nonce 1:{name=nonce}", "", ""},
	{DumpStart, "", "nonce 2:{name=nonce}", "", ""},
	{DumpStart, "", "HASH with:{name=hash}", "", ""},
	{DumpStart, "", "HASH computed:{name=hash}", "", ""},
	{DumpStart, "", "encrypted payload by IV:{name=iv}", "", ""},
	{DumpStart, "", "phase2 IV computed:{name=phase 2 iv}", "", ""},
	{DumpStart, "", "phase1 last IV:{name=iv}", "", ""},
	{DumpStart, "", "IV was saved for next processing:{name=iv}", "", ""},
	{DumpStart, "", "save IV for next:{name=iv}", "", ""},
}
