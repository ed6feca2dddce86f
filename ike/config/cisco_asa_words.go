package config

// Words of ASA that have no bearing on a tunnel, as far as this package
// compares.
const (
	asaWords = "aaa aaa-server access-group access-list alias anyconnect anyconnect-essentials app-agent arp as-path asdm asp auth-prompt auto-update autobahn backup banner bfd bgp boot bridge-group call-home " +
		"class class-map client-update clock cluster command-alias community-list compression config-register configuration console content-security-scan context coredump cpu cts ctl-file " +
		"dap ddns debug default-group default-information delete dhcp-client dhcpd dhcprelay dns dns-group domain-name dp-tcp-proxy dynamic-access-policy-config dynamic-access-policy-record dynamic-filter " +
		"eigrp email enable end eou established exit fail-safe failover file filter fips firewall fixup flow flow-export flow-offload fragment ftp ftp-map global gateway hash hostname hpm hsts http http-map https " +
		"hw-module icmp igmp imap4s import interface interface-policy ip ipsec ipv6 ipv6-vpn-addr-assign isis isakmp jumbo-frame key lacp large ldap license licence-server lisp local-base-url logging logging-server log-adjacency-changes " +
		"mac-address mac-address-table mac-learn mac management-access management-interface map max-failed mdm-proxy memory mgcp-map migration mode monitor-interface mount mrib mroute mtu multicast multicast-routing " +
		"name names nac-policy nat nat-assigned-to-public-ip nat-control neighbor netconf netmod network network-service ngfw no ntp nve object object-group object-group-search ospf outbound pager packet-tracer password passwd password-policy " +
		"password-storage permit phone-proxy pim police policy-list policy-map policy-route pop3s portal prefix-list prf-alg priority priority-queue privilege prompt quit quota reload rest-api rip route route-map router routing " +
		"same-security-traffic saml sctp-map scansafe security service service-interface service-object service-policy session setup shun sip-map sla smart-tunnel smtp-server smtps snmp snmp-map snmp-server software ssh ssl " +
		"static sunrpc-server switch switchport sysopt tacacs-server tcp-inspection tcp-map telnet terminal tftp tftp-server threat-detection time-range timeout timezone tls-proxy tracks track traffic tunnel-group-list " +
		"tunnel-group-map tunnel-group-preference unified uauth uc-ime upgrade url-block url-cache url-list url-server user-alert user-identity user-statistics username value virtual vlan vpdn vpn vpn-addr-assign vpn-load-balancing vpn-mode vpn-sessiondb vpn-simultaneous-logins " +
		"vpnclient vpngroup vpnsetup vpn-group-policy vxlan wccp webvpn webvpn-cache whitelist xlate zone zonelabs-integrity proxy-arp hello terminal-width user cc-mode crashinfo checkheaps app-id snort identity-subnet-filter"
	asaCrypto = "ca ca-server dynamic-map engine ikev1 ikev2 ipsec isakmp key map ssl"
	asaThird  = "am-disable certificate trustpoint trustpool server policy proposal profile security-association transform-set ipsec-proposal enable limit notify-mib-selection cookie-challenge remote-access disconnect-notify " +
		"ipsec-over-tcp reload-wait df-bit fragmentation inner-routing-lookup pmtu-aging replay nat-traversal accelerator-bias large-mod-accel generate zeroize chain map authenticate permit import"
	// asaSubWords are below commands of the model: attributes of groups and
	// policies for users, and of interfaces.
	asaSubWords = "accounting-server-group address-pools anyconnect annotation authentication authentication-server-group authorization-dn-attributes authorization-required authorization-server-group backup-servers banner certificate-group-map " +
		"channel-group client-access-rule client-bypass-protocol client-firewall client-rekey cts default-domain deny-message description dhcp-network-scope dhcp-server dns-server duplex encapsulation encryption exit " +
		"flowcontrol gateway-fqdn group prf group-lock group-policy hash homepage ikev1 ikev2 integrity intercept-dhcp ip ip-comp ip-phone-bypass ipsec-udp ipsec-udp-port ipv6 ipv6-address-pool ipv6-address-pools ipv6-split-tunnel-policy " +
		"ipv6-vpn-filter keepout lacp leap-bypass lifetime mac-address management-only match memory-size mode msie-proxy mtu mus nac-settings nem no ospf password password-management password-storage periodic-authentication " +
		"perfect-forward-secrecy pfs pim pppoe-client protocol proxy-auth re-xauth rip secondary-authentication-server-group security-group-tag security-level security-module set scep-enrollment scep-forwarding-url secure-unit-authentication smartcard-removal-disconnect " +
		"smart-tunnel speed split-dns split-tunnel-all-dns split-tunnel-network-list split-tunnel-policy standby static-policy strip-group strip-realm switchport tunnel user-authentication user-authentication-idle-timeout vlan vpn-access-hours " +
		"vpn-idle-timeout vpn-session-timeout vpn-simultaneous-logins webvpn wins-server zone zonelabs delay bfd igmp nve policy-route poll-timer media-type hold-time override-account-disable without-csd radius-eap-passthru nat group-alias group-url map-name dns-group pre-fill-username username-from-certificate secondary-username-from-certificate"
)
