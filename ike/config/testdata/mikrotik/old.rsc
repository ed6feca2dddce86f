# nov/02/2015 20:15:00 by RouterOS 6.32.3
/ip ipsec proposal
set [ find default=yes ] disabled=yes
add auth-algorithms=sha256 enc-algorithms=aes-256-cbc name=branch
/ip ipsec peer
add address=198.51.100.40/32 dh-group=modp1536 enc-algorithm=aes-256 \
    hash-algorithm=sha1 lifetime=1h nat-traversal=no secret=plain-old-key
add address=0.0.0.0/0 exchange-mode=main-l2tp generate-policy=port-override \
    my-id-user-fqdn=hub@example.org passive=yes secret=l2tp
/ip ipsec policy
add dst-address=192.168.7.0/24 proposal=branch sa-dst-address=198.51.100.40 \
    sa-src-address=203.0.113.77 src-address=192.168.1.0/24 tunnel=yes
/ip firewall nat
add action=masquerade chain=srcnat out-interface=ether1-gateway
