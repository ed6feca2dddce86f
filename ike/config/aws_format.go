package config

import "github.com/ikediag/ikediag/ike"

// awsFormat is for what AWS tells of its Site-to-Site VPN connections.
func awsFormat() format {
	return format{
		read: (*source).aws, identities: ike.DialectStrongSwan,
		traits: traits{ownKeys: true},
		lint: lintDialect{
			spelling: ike.DialectAWS,
			ikev2:    [2]string{"IkeVersions", "ikev2"}, pfs: [2]string{"Phase2DHGroupNumbers", "14"}, secret: [2]string{"PreSharedKey", ""},
			broken: Fails, separate: NoEffect, apart: true, single: true,
		},
	}
}

// Lists of algorithms that a tunnel takes where its options name none, as the
// user guide of Site-to-Site VPN has them.
const (
	awsCiphers = "AES128 AES256 AES128-GCM-16 AES256-GCM-16"
	awsHashes  = "SHA1 SHA2-256 SHA2-384 SHA2-512"
	awsGroups1 = "2 14 15 16 17 18 19 20 21 22 23 24"
	awsGroups2 = "2 5 14 15 16 17 18 19 20 21 22 23 24"
)

// awsWords are members and elements that have no field here.
const awsWords = "Category CustomerGatewayId GatewayAssociationState Type State VpnGatewayId TransitGatewayId TransportTransitGatewayAttachmentId CoreNetworkArn CoreNetworkAttachmentArn Tags Key Value Routes " +
	"DestinationCidrBlock Source VgwTelemetry AcceptedRouteCount LastStatusChange OutsideIpAddress Status StatusMessage CertificateArn EnableAcceleration StaticRoutesOnly OutsideIpAddressType " +
	"TunnelInsideIpVersion TunnelInsideCidr TunnelInsideIpv6Cidr RekeyMarginTimeSeconds RekeyFuzzPercentage DpdTimeoutAction LogOptions CloudWatchLogOptions LogEnabled LogGroupArn LogOutputFormat " +
	"BgpLogEnabled EnableTunnelLifecycleControl PreSharedKeyArn LocalIpv6NetworkCidr RemoteIpv6NetworkCidr VpnConcentratorId TunnelBandwidth " +
	"customer_gateway_id vpn_gateway_id vpn_connection_type vpn_connection_attributes tunnel_inside_address ip_address network_mask network_cidr bgp asn hold_time protocol mode clear_df_bit " +
	"fragmentation_before_encryption tcp_mss_adjustment retries interval ike_version no_of_vpn_connections " +
	"encryption_protocol authentication_protocol perfect_forward_secrecy lifetime"
