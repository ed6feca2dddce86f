package logparse

// plutoHost are pluto's lines that are not about one negotiation.
var plutoHost = []Template{
	{DaemonStarted, "", "Starting Pluto ({product:word} Version {version:word} {:rest}", "", ""},
	{DaemonStopped, "", "Pluto is shutting down{:rest}", "5.0", ""},
	{Listening, "", "adding UDP interface {interface:word} {local:rest}", "4.0", ""},
	{Listening, "", "adding interface {interface:text} {local:rest}", "", "3.32"},
	{ConnectionLoaded, "", "added IKEv1 connection", "4.0", ""},
	{ConnectionLoaded, "", "added oriented IKEv1 connection", "5.0", ""},
	{ConnectionLoaded, "", "added connection description \"{connection:text}\"", "", "3.32"},
	{ConnectionRemoved, "", "terminating SAs using this connection", "", ""},
	{CredentialsLoading, "", "loading secrets from \"{file:text}\"", "", ""},
	{Plain, "", "forgetting secrets", "", ""},
	{Plain, "", "listening for IKE messages", "", ""},
	{InitiateRequested, "", "initiating connection '{connection:text}' with serial {:text} which {:rest}", "4.0", ""},
	{Plain, "", "Initializing NSS using {:rest}", "", ""},
	{Plain, "", "{name:word} support [{value:text}]", "", ""},
	{Plain, "", "{name:text} algorithms:", "", ""},
	{Plain, "", "testing {name:text}:", "", ""},
	{Plain, "", "| {:rest}", "", ""},
}
