package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.List;

/** What a PPTP server shall be. Descriptions, defaults and bounds are the annotations. */
// @formatter:off
@ValidationRule(value = "has(self.localIP) || has(self.localIp)", fieldPath = ".localIP", reason = "FieldValueRequired",
        message = "localIP must say the server's own IPv4 address, such as 192.168.10.1")
@ValidationRule(value = Cel.LOCAL_IP_IS_NO_CLIENTS,
        messageExpression = "'localIP ' + self.localIP + ' lies inside pools: it is the server\\'s own "
                + "address; choose one outside, or list it in exclude'")
@ValidationRule(value = "self.encryption.policy != 'Required' || "
                + "self.authentication.methods.exists(m, m.startsWith('MSCHAP') || m == 'EAP')",
        message = "encryption.policy Required needs MSCHAPv2 or MSCHAPv1 among authentication.methods: PAP "
                + "and CHAP-MD5 give no keys for MPPE; add one, or choose another policy")
@ValidationRule(value = "!self.useClusterDNS || !has(self.dns) || self.dns.size() <= 1",
        message = "clients take two name servers at most: with useClusterDNS, dns can hold only one more")
@ValidationRule(value = "self.workload != 'DaemonSet' || self.exposure.type == 'HostNetwork'",
        message = "workload DaemonSet puts one pod on every matching node, which only makes sense with "
                + "exposure.type HostNetwork")
@ValidationRule(value = "self.users.source == 'Resources' || has(self.radius) && "
                + "self.radius.servers.exists(s, !has(s.authenticationPort) || s.authenticationPort != 0)",
        messageExpression = "'users.source ' + self.users.source + ' needs radius.servers, at least one of them with an "
                + "authenticationPort other than 0'")
@ValidationRule(value = "self.users.source != 'Resources' || !self.authentication.methods.exists(m, m == 'EAP')",
        message = "authentication.methods has EAP, which only RADIUS servers speak: users.source Radius or "
                + "ResourcesThenRadius would be right")
@ValidationRule(value = Durations.RADIUS_IN_TIME,
        messageExpression = "'radius.timeout ' + self.radius.timeout + ' times radius.attempts must be less than "
                + "authentication.timeout ' + self.authentication.timeout + ', or logins are given up before the last "
                + "server was asked'")
@ValidationRule(value = "!has(self.probePort) || self.probePort != self.adminPort",
        message = "probePort and adminPort cannot be the same")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PptpServerSpec(
        @JsonPropertyDescription("How many pods serve clients, each on a node of its own. The pools are "
                + "divided among them. Not used with workload DaemonSet.")
        @Default("1")
        @Min(0)
        @Max(100)
        @SpecReplicas
        Integer replicas,

        @JsonPropertyDescription("StatefulSet runs as many pods as replicas says. DaemonSet runs one pod on "
                + "every node that pod.nodeSelector and pod.affinity allow.")
        @Default("StatefulSet")
        Workload workload,

        @JsonPropertyDescription("Image of the data plane. The operator's own release by default. While it is set, a new "
                + "operator replaces no pod by itself.")
        @Size(min = 1, max = 512)
        String image,

        @JsonPropertyDescription("When nodes pull the image: Always, IfNotPresent or Never. Kubernetes "
                + "decides by the image's tag when not set.")
        PullPolicy imagePullPolicy,

        @JsonPropertyDescription("When pods are replaced because a setting, the image or the operator has changed what "
                + "they are made of.")
        @Default("{}")
        UpdatePolicy updatePolicy,

        @JsonPropertyDescription("How clients reach the server. PPTP is TCP port 1723 and GRE, and no "
                + "Kubernetes Service forwards GRE.")
        @Default("{}")
        Exposure exposure,

        @JsonPropertyDescription("IPv4 address of the server's end of every tunnel, such as 192.168.10.1. "
                + "Clients route through it; it must not be in pools. It may be an address that "
                + "the node has already.")
        @Size(max = Cel.MAX_ADDRESS_LENGTH)
        @ValidationRule(value = Cel.IS_ADDRESS,
                message = "localIP must be an IPv4 address such as 192.168.10.1")
        @ValidationRule(value = Cel.IS_HOSTS,
                message = "localIP cannot be the address of a host; one such as 192.168.10.1 would be right")
        String localIP,

        @JsonPropertyDescription("Addresses for clients, in the syntax of pptpd's remoteip: "
                + "192.168.10.100-200, 192.168.10.100-192.168.11.50, 10.8.0.0/24 (without its first and last "
                + "address) or a single address.")
        @Required
        @Size(min = 1, max = 64)
        @UniqueItems
        @EachItem(value = Cel.IS_RANGE, messageExpression = Cel.NO_RANGE)
        @EachItem(value = Cel.IS_ORDERED, messageExpression = Cel.NOT_ORDERED)
        @EachItem(value = Cel.IS_HOSTS_RANGE, messageExpression = Cel.NO_HOSTS_RANGE)
        List<@Size(max = Cel.MAX_RANGE_LENGTH) String> pools,

        @JsonPropertyDescription("Addresses taken out of pools, in the same syntax; here a network means all "
                + "of its addresses.")
        @Size(max = 64)
        @UniqueItems
        @EachItem(value = Cel.IS_RANGE, messageExpression = Cel.NO_RANGE)
        @EachItem(value = Cel.IS_ORDERED, messageExpression = Cel.NOT_ORDERED)
        List<@Size(max = Cel.MAX_RANGE_LENGTH) String> exclude,

        @JsonPropertyDescription("Name servers that clients are told, two at most.")
        @Size(max = 2)
        @EachItem(value = Cel.IS_ADDRESS, messageExpression = Cel.NO_ADDRESS)
        @EachItem(value = Cel.IS_HOSTS, messageExpression = Cel.NO_HOSTS)
        List<@Size(max = Cel.MAX_ADDRESS_LENGTH) String> dns,

        @JsonPropertyDescription("Tells clients the cluster's own name server first, so that they resolve "
                + "Services by name.")
        @Default("false")
        Boolean useClusterDNS,

        @JsonPropertyDescription("WINS servers (NetBIOS names) that clients are told, two at most.")
        @Size(max = 2)
        @EachItem(value = Cel.IS_ADDRESS, messageExpression = Cel.NO_ADDRESS)
        @EachItem(value = Cel.IS_HOSTS, messageExpression = Cel.NO_HOSTS)
        List<@Size(max = Cel.MAX_ADDRESS_LENGTH) String> wins,

        @JsonPropertyDescription("What clients are told that ask by DHCPINFORM from inside the tunnel, as Windows does after "
                + "it has connected: networks to reach through it, and a domain. A VpnProfile can say otherwise.")
        PushedRoutes routes,

        @JsonPropertyDescription("Which proofs of the password are accepted.")
        @Default("{}")
        Authentication authentication,

        @JsonPropertyDescription("MPPE, the encryption of PPTP.")
        @Default("{}")
        Encryption encryption,

        @JsonPropertyDescription("Largest packet inside the tunnel in bytes, 576 to 1500, or Auto: what fits "
                + "the uplink, 1400 at most. When not set, as the release judges best: Auto in this one.")
        @ValidationRule(value = "type(self) == int ? self >= 576 && self <= 1500 : self == 'Auto'",
                message = "mtu is Auto, or a number from 576 to 1500 without quotes")
        IntOrString mtu,

        @JsonPropertyDescription("Largest TCP segment in bytes that connections through the tunnel may agree "
                + "on, 536 to 1460; Auto: what fits the tunnel; Off: left alone. When "
                + "not set, as the release judges best: Auto in this one.")
        @ValidationRule(value = "type(self) == int ? self >= 536 && self <= 1460 : self in ['Auto', 'Off']",
                message = "mss is Auto, \"Off\" in quotes, or a number from 536 to 1460 without quotes")
        IntOrString mss,

        @JsonPropertyDescription("Fragments packets toward a client that are too long even where the sender "
                + "forbade it, instead of losing them. Heals large web sites that never load. When not "
                + "set, as the release judges best: true in this one.")
        Boolean fragmentOversized,

        @JsonPropertyDescription("Whether clients' packets leave with the node's (or pod's) address.")
        @Default("{}")
        Nat nat,

        @JsonPropertyDescription("Networks that clients may reach, such as 10.0.0.0/8. Empty: everything. The addresses "
                + "of the node (or pod) itself are closed in either case, but for hostAccess; so are link-local "
                + "addresses and clouds' metadata services, unless a network within 169.254.0.0/16, or the very "
                + "address, stands here.")
        @Size(max = 256)
        @EachItem(value = Cel.IS_NETWORK, messageExpression = Cel.NO_NETWORK)
        List<@Size(max = Cel.MAX_CIDR_LENGTH) String> allowedDestinations,

        @JsonPropertyDescription("What clients may reach of the node (or pod) itself: its addresses, broadcasts and "
                + "multicasts. Empty: nothing but echo replies of localIP, and the name servers that clients are told.")
        @Size(max = 64)
        List<HostAccess> hostAccess,

        @JsonPropertyDescription("Answers ARP for clients whose addresses lie in the network of one of the node's (or "
                + "pod's) interfaces, as if they were in that LAN. pools may then hold free addresses of the LAN.")
        @Default("false")
        Boolean proxyARP,

        @JsonPropertyDescription("Keeps clients of this server from reaching each other.")
        @Default("true")
        Boolean isolateClients,

        @JsonPropertyDescription("How dead links are noticed.")
        Keepalive keepalive,

        @JsonPropertyDescription("How packets are put back in order. MPPE loses time over every packet that "
                + "arrives out of order.")
        Reordering reordering,

        @JsonPropertyDescription("What one pod takes on.")
        @Default("{}")
        Limits limits,

        @JsonPropertyDescription("What one user may have, and for how long.")
        @Default("{}")
        SessionPolicy sessionPolicy,

        @JsonPropertyDescription("Who may log in here.")
        @Default("{}")
        UserSelection users,

        @JsonPropertyDescription("RADIUS servers: asked about logins as users.source says, and told of sessions.")
        Radius radius,

        @JsonPropertyDescription("What the pods log.")
        @Default("{}")
        Logging log,

        @JsonPropertyDescription("How long a pod that ends waits for calls to end by themselves, at most 1 "
                + "h, before it ends them in order.")
        @Default("30s")
        @Size(min = 2, max = Durations.MAX_LENGTH)
        @ValidationRule(value = Durations.IS_ONE, messageExpression = Durations.NONE)
        @ValidationRule(value = Durations.OFF_OR_UP_TO_AN_HOUR,
                message = "drainTimeout is 0s (at once), or 1s to 1h")
        String drainTimeout,

        @JsonPropertyDescription("TCP port on which a pod answers the operator over mutual TLS. Only worth "
                + "changing where the node uses 9723 for something else.")
        @Default("9723")
        @Min(1024)
        @Max(65535)
        @ValidationRule(value = "self != 1723",
                message = "adminPort cannot be 1723: clients dial that one")
        Integer adminPort,

        @JsonPropertyDescription("TCP port on which a pod answers the kubelet's probes, and nothing else, in plain "
                + "HTTP: on the node's loopback with HostNetwork, else on the pod's own address. By default 9724 "
                + "(9725 if adminPort is that) for servers without image. A server with image is probed at adminPort instead, because an older image "
                + "does not know this port; set it when the image is as new as the operator. 0: adminPort.")
        @Min(0)
        @Max(65535)
        @ValidationRule(value = "self == 0 || self >= 1024 && self != 1723",
                message = "probePort is 0, or a port from 1024 on but 1723, which clients dial")
        Integer probePort,

        @JsonPropertyDescription("Threads that move packets in a pod; 0: one per core. When not set, as the release judges "
                + "best: 0 in this one.")
        @Min(0)
        @Max(256)
        Integer workers,

        @JsonPropertyDescription("Whether GRE to clients may leave through packet sockets, which cost little "
                + "more than half of a raw socket's processor time, but pass by netfilter's output and IPsec. "
                + "Auto: where no firewall rule, IPsec policy or routing rule of the node (or pod) could be about "
                + "it. Always: whatever rules there are. Never: the raw socket only. When not set, as the release "
                + "judges best: Auto in this one.")
        PacketSockets packetSockets,

        @JsonPropertyDescription("Whether GRE that may leave through packet sockets may leave through XDP sockets "
                + "(AF_XDP) instead, which cost less still, but pass by the interface's queueing disciplines, traffic "
                + "control, nftables' egress hook, and by tcpdump on the node (or pod). They need up to 2 MB of memory "
                + "that may be locked (RLIMIT_MEMLOCK) for each of the threads that move packets. Auto: where the "
                + "interface has nothing there that could do anything to GRE. Always: whatever it has. Never: not at "
                + "all. When not set, as the release judges best: Never in this one.")
        XdpSockets xdpSockets,

        @JsonPropertyDescription("Whether the threads that move packets run ahead of the node's ordinary threads "
                + "(SCHED_RR), so that no packet waits for another program's time slice. Auto: unless they use "
                + "up a CPU, where the pod may (CAP_SYS_NICE, which the privileged "
                + "profile has) and has no CPU limit; on nodes with few cores that can cost throughput. Never: they "
                + "take their turn with all others. When not set, as the release judges best: Never in this one.")
        RealtimePriority realtimePriority,

        @JsonPropertyDescription("Where the pods run, and with what.")
        @Default("{}")
        PodSettings pod) {
    // @formatter:on

    /** Reads collections that are not there as empty ones, and groups of fields as ones that say nothing. */
    public PptpServerSpec {
        keepalive = keepalive == null ? Keepalive.UNSAID : keepalive;
        reordering = reordering == null ? Reordering.UNSAID : reordering;
        pools = Unset.asEmpty(pools);
        exclude = Unset.asEmpty(exclude);
        dns = Unset.asEmpty(dns);
        wins = Unset.asEmpty(wins);
        allowedDestinations = Unset.asEmpty(allowedDestinations);
        hostAccess = Unset.asEmpty(hostAccess);
    }

    /** What runs the pods. */
    public enum Workload {
        /** A number of pods. */
        StatefulSet,
        /** One pod per node. */
        DaemonSet
    }

    /** When GRE leaves past the kernel's routing. */
    public enum PacketSockets {
        /** Where nothing is passed by. */
        Auto,
        /** Wherever the next hop is known. */
        Always,
        /** Not at all. Off would be a truth value to many readers of YAML. */
        Never
    }

    /** When GRE leaves past queueing disciplines and traffic control. */
    public enum XdpSockets {
        /** Where nothing is passed by. */
        Auto,
        /** Wherever packet sockets may be used. */
        Always,
        /** Not at all. */
        Never
    }

    /** When threads that move packets run ahead of others. */
    public enum RealtimePriority {
        /** While there is little to do. */
        Auto,
        /** Not at all. */
        Never
    }

    /** When nodes pull an image. */
    public enum PullPolicy {
        /** At every start. */
        Always,
        /** When the node does not have it. */
        IfNotPresent,
        /** It must be there. */
        Never
    }
}
