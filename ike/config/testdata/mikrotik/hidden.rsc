[admin@edge] > /ip ipsec export
# 2024-06-06 15:22:31 by RouterOS 7.14.2
# software id = TEST-0002
#
/ip ipsec peer
add address=198.51.100.50/32 name=peer1
/ip ipsec identity
add peer=peer1
/ip ipsec policy
add dst-address=10.2.0.0/16 peer=peer1 src-address=10.1.0.0/16 tunnel=yes
[admin@edge] > /ip/firewall/nat/add chain=srcnat action=masquerade ipsec-policy=out,none
