# mar/14/2023 09:26:53 by RouterOS 6.48.6
# software id = TEST-0001
#
# model = RB3011UiAS
/interface bridge
add name=lan
/ip ipsec policy group
add name=mobile
/ip ipsec profile
set [ find default=yes ] dh-group=modp2048 enc-algorithm=aes-256,aes-128 \
    hash-algorithm=sha256
add dh-group=ecp256,modp3072 dpd-interval=30s enc-algorithm=aes-256 \
    hash-algorithm=sha512 lifetime=8h name=strong nat-traversal=no
/ip ipsec peer
add address=198.51.100.20/32 comment="the other office" local-address=\
    203.0.113.5 name=office profile=strong
add address=vpn.partner.example.net exchange-mode=aggressive name=partner
add address=198.51.100.99/32 disabled=yes name=old
# This entry is unreachable
add name=mobile passive=yes send-initial-contact=no
add address=198.51.100.30/32 exchange-mode=ike2 name=cloud profile=missing
/ip ipsec proposal
set [ find default=yes ] auth-algorithms=sha256,sha1 enc-algorithms=\
    aes-256-cbc,aes-128-gcm pfs-group=modp2048
add auth-algorithms=md5 enc-algorithms=3des lifetime=1d00:30:00 name=weak \
    pfs-group=none
add disabled=yes name=off
/ip address
add address=203.0.113.5/29 interface=ether1
add address=10.8.0.1/24 interface=lan
/ip firewall filter
add action=fasttrack-connection chain=forward connection-state=\
    established,related
/ip firewall nat
add action=accept chain=srcnat comment="keep for the tunnel" dst-address=\
    10.9.0.0/24 src-address=10.8.0.0/24
add action=masquerade chain=srcnat out-interface=ether1
/ip ipsec identity
add my-id=fqdn:office.example.org peer=office remote-id=\
    address:198.51.100.20 secret="a key with \"quotes\", a \\ and a long ta\
    il"
add peer=partner secret=hunter
add auth-method=pre-shared-key-xauth generate-policy=port-strict mode-config=\
    pool peer=mobile policy-template-group=mobile secret=shared
add disabled=yes peer=office secret=formerly
add auth-method=digital-signature certificate=cloud.crt peer=cloud
/ip ipsec mode-config
add address-pool=vpnpool name=pool
/ip ipsec policy
set 0 disabled=yes
add dst-address=10.9.0.0/24 peer=office src-address=10.8.0.0/24 tunnel=yes
add comment=printers dst-address=10.10.0.7/32 dst-port=9100 peer=office \
    proposal=weak protocol=tcp src-address=10.8.0.0/24 tunnel=yes
add disabled=yes dst-address=10.11.0.0/24 peer=office src-address=\
    10.8.0.0/24 tunnel=yes
add action=none dst-address=10.8.0.0/24 peer=office src-address=10.8.0.0/24
add peer=partner protocol=gre
add dst-address=0.0.0.0/0 group=mobile src-address=0.0.0.0/0 template=yes
add dst-address=10.12.0.0/24 peer=nobody src-address=10.8.0.0/24 tunnel=yes
/system clock
set time-zone-name=Europe/Riga
