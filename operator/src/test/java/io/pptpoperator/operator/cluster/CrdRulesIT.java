package io.pptpoperator.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real API server accepts and refuses what the CRDs say, and tells people why. */
class CrdRulesIT {

    private static final String SERVERS_THAT_CAN_WORK = """
            localIP: 192.168.10.1, pools: [192.168.10.100-200]
            localIP: 192.168.10.1, pools: [192.168.10.100-192.168.11.50, 10.8.0.0/24, 10.9.0.7]
            localIP: 10.8.0.1, pools: [10.8.0.0/24], exclude: [10.8.0.1]
            localIP: 10.8.0.1, pools: [10.8.0.0/24], exclude: [10.8.0.0/30]
            localIP: 10.8.0.1, pools: [10.8.0.2-254], useClusterDNS: true, dns: [1.1.1.1]
            localIP: 10.8.0.1, pools: [10.8.0.2-254], dns: [1.1.1.1, 8.8.8.8], wins: [10.0.0.5]
            localIP: 10.8.0.1, pools: [10.8.0.2-254], authentication: {methods: [MSCHAPv2, PAP]}
            localIP: 10.8.0.1, pools: [10.8.0.2-254], authentication: {methods: [PAP]}, encryption: {policy: "Off"}
            localIP: 10.8.0.1, pools: [10.8.0.2-254], mtu: 1280, mss: 1200
            localIP: 10.8.0.1, pools: [10.8.0.2-254], mtu: Auto, mss: "Off"
            localIP: 10.8.0.1, pools: [10.8.0.2-254], workload: DaemonSet
            localIP: 10.8.0.1, pools: [10.8.0.2-254], exposure: {type: AttachedNetwork, network: lan}
            localIP: 10.8.0.1, pools: [10.8.0.2-254], exposure: {type: PodNetwork}
            localIP: 10.8.0.1, pools: [10.8.0.2-254], exposure: {addresses: [vpn-1.example.com, 203.0.113.5, x]}
            localIP: 10.8.0.1, pools: [10.8.0.2-254], nat: {excludedDestinations: [10.0.0.0/8]}
            localIP: 10.8.0.1, pools: [10.8.0.2-254], allowedDestinations: [10.0.0.0/8, 0.0.0.0/0]
            localIP: 10.8.0.1, pools: [10.8.0.2-254], hostAccess: [{protocol: ICMP}, {address: 10.0.0.5, protocol: TCP, ports: ["443", 30000-32767]}]
            localIP: 10.8.0.1, pools: [10.8.0.2-254], users: {namespaces: ["*"]}
            localIP: 10.8.0.1, pools: [10.8.0.2-254], users: {namespaces: [a, b]}
            localIP: 10.8.0.1, pools: [10.8.0.2-254], users: {allowedNetworks: [192.168.0.0/16, 10.0.0.0/8]}
            localIP: 10.8.0.1, pools: [10.8.0.2-254], encryption: {keyLengths: [128, 40]}
            localIP: 10.8.0.1, pools: [10.8.0.2-254], log: {debugPeers: [203.0.113.9]}
            localIP: 10.8.0.1, pools: [10.8.0.2-254], keepalive: {interval: 0s, controlInterval: 1m}, reordering: {delay: 0s}
            localIP: 10.8.0.1, pools: [10.8.0.2-254], sessionPolicy: {idleTimeout: 30m, maxDuration: 8h}
            localIP: 10.8.0.1, pools: [10.8.0.2-254], limits: {maxSessions: 5}
            localIP: 10.8.0.1, pools: [10.8.0.2-254], adminPort: 1724
            localIP: 10.8.0.1, pools: [10.8.0.2-254], adminPort: 9724, probePort: 0
            localIP: 10.8.0.1, pools: [10.8.0.2-254], adminPort: 9724
            localIP: 1.0.0.0, pools: [1.0.0.1-126.255.255.255, 128.0.0.0-223.255.255.255, 126.0.0.0/8, 1.0.0.0/8], exclude: [0.0.0.0/0]
            localIP: 10.8.0.1, pools: [10.8.0.2-254], dns: [126.255.255.255, 223.0.0.1], wins: [128.0.0.1, 1.2.3.4]
            localIP: 10.8.0.1, pools: [10.8.0.2-254], drainTimeout: 1h, authentication: {timeout: 1m30s}
            localIP: 10.8.0.1, pools: [10.8.0.2-254], users: {source: Radius}, radius: {servers: [{host: radius.example.com, secret: {secretKeyRef: {name: radius, key: secret}}}]}
            localIP: 10.8.0.1, pools: [10.8.0.2-254], users: {source: ResourcesThenRadius}, radius: {servers: [{host: 10.0.0.5, accountingPort: 0, secret: {secretKeyRef: {name: r, key: s}}}, {host: b, transport: Tls, authenticationPort: 0, tls: {ca: {secretKeyRef: {name: r, key: ca}}, certificate: {secretName: c}}}]}
            localIP: 10.8.0.1, pools: [10.8.0.2-254], radius: {accounting: {interval: 0s}, servers: [{host: a, secret: {secretKeyRef: {name: r, key: s}}}]}
            localIP: 10.8.0.1, pools: [10.8.0.2-254], radius: {timeout: 1m, attempts: 10, servers: [{host: a, secret: {secretKeyRef: {name: r, key: s}}}]}
            localIP: 10.8.0.1, pools: [10.8.0.2-254], authentication: {timeout: 10m}, users: {source: Radius}, radius: {timeout: 59s, attempts: 10, deadTime: 0s, servers: [{host: a, secret: {secretKeyRef: {name: r, key: s}}}]}
            localIP: 10.8.0.1, pools: [10.8.0.2-254], radius: {dynamicAuthorization: {enabled: true, clients: [10.0.0.5/32], secret: {secretKeyRef: {name: r, key: s}}}, servers: [{host: a, secret: {secretKeyRef: {name: r, key: s}}}]}
            localIP: 10.8.0.1, pools: [10.8.0.2-254], radius: {accounting: {enabled: false}, servers: [{host: a, accountingPort: 0, secret: {secretKeyRef: {name: r, key: s}}}]}
            localIP: 10.8.0.1, pools: [10.8.0.2-254], users: {defaultProfile: bronze, allowedProfiles: [bronze, silver.2]}, routes: {push: [10.0.0.0/8], domain: corp.example.com}
            """;

    private static final String PROFILES_THAT_CAN_WORK = """
            isolateClients: true
            allowedDestinations: [10.0.0.0/8, 0.0.0.0/0], dns: [10.0.0.53], wins: [10.0.0.54]
            sessionPolicy: {perUser: 0, idleTimeout: 0s, maxDuration: 8760h}
            rateLimit: {upload: 8k, download: 100G, burst: 10ms}
            hours: {windows: [Mon-Fri 08:00-18:00, "Sat,Sun 10:00-14:00", Fri-Sun 22:00-06:00, Mon-Sun 00:00-24:00]}
            hours: {timeZone: America/Argentina/Buenos_Aires, windows: ["Mon,Wed-Fri 23:59-00:01"]}
            routes: {push: [10.0.0.0/8, 0.0.0.0/0], domain: corp.example.com}
            """;

    private static final String PROFILES_THAT_CANNOT = """
            allowedDestinations: [office]                 | spec.allowedDestinations[0]: Invalid value: "string": office is not an IPv4 network
            dns: [one.one]                                | spec.dns[0]: Invalid value: "string": one.one is not an IPv4 address
            dns: [127.0.0.1]                              | 127.0.0.1 cannot be the address of a host
            dns: [1.1.1.1, 1.0.0.1, 8.8.8.8]              | must have at most 2 items
            wins: [x]                                     | spec.wins[0]: Invalid value: "string": x is not an IPv4 address
            wins: [224.0.0.1]                             | spec.wins[0]: Invalid value: "string": 224.0.0.1 cannot be the address of a host
            sessionPolicy: {perUser: -1}                  | greater than or equal to 0
            sessionPolicy: {idleTimeout: soon}            | spec.sessionPolicy.idleTimeout: Invalid value: "string": soon is not a duration
            sessionPolicy: {idleTimeout: 1ms}             | sessionPolicy.idleTimeout is 0s (never), or 1s to 8760h
            sessionPolicy: {maxDuration: 1d}              | spec.sessionPolicy.maxDuration: Invalid value: "string": 1d is not a duration
            sessionPolicy: {maxDuration: 8761h}           | sessionPolicy.maxDuration is 0s (never), or 1s to 8760h
            rateLimit: {}                                 | rateLimit needs upload, download or both
            rateLimit: {upload: 7k}                       | rateLimit.upload is 8k to 100G bits per second
            rateLimit: {download: 101G}                   | rateLimit.download is 8k to 100G bits per second
            rateLimit: {upload: 1M, burst: soon}          | soon is not a duration such as
            rateLimit: {upload: 1M, burst: 11s}           | rateLimit.burst is 10ms to 10s
            hours: {timeZone: UTC}                        | spec.hours.windows: Required value
            hours: {windows: []}                          | should have at least 1 items
            hours: {windows: [Monday 8-18]}               | spec.hours.windows[0]: Invalid value: "string": Monday 8-18 is not hours of the week
            hours: {windows: ["Mon 08:00-24:01"]}         | Mon 08:00-24:01 is not hours of the week
            hours: {windows: ["Mon 08:00-08:00"]}         | Mon 08:00-08:00 ends where it begins
            hours: {timeZone: 8, windows: [Mon 08:00-09:00]} | must be of type string
            hours: {timeZone: "Europe Berlin", windows: [Mon 08:00-09:00]} | spec.hours.timeZone: Invalid value
            routes: {push: [10.0.0.1/8]}                  | spec.routes.push[0]: Invalid value: "string": 10.0.0.1/8 is not an IPv4 network
            routes: {domain: "-corp"}                     | spec.routes.domain: Invalid value
            """;

    private static final String SERVERS_THAT_CANNOT = """
            localIP: 10.8.0.1, pools: [10.8.1.1], users: {defaultProfile: -bronze} | -bronze cannot be a name
            localIP: 10.8.0.1, pools: [10.8.1.1], users: {allowedProfiles: [Bronze]} | Bronze cannot be a name
            localIP: 10.8.0.1, pools: [10.8.1.1], routes: {push: [10.0.0.1/8]} | spec.routes.push[0]: Invalid value: "string": 10.0.0.1/8 is not an IPv4 network
            localIP: 10.8.0.1, pools: [10.8.1.1], routes: {domain: "corp example"} | spec.routes.domain: Invalid value
            pools: [10.8.0.2-254]                                  | spec.localIP: Required value: localIP must say
            localIP: 10.8.0.1                                      | spec.pools: Required value
            localIP: 10.8.0.1, pools: []                           | should have at least 1 items
            localIP: 10.8.0, pools: [10.8.0.2-254]                 | localIP must be an IPv4 address such as
            localIP: 10.8.0.999, pools: [10.8.0.2-254]             | localIP must be an IPv4 address such as
            localIP: "fd00::1", pools: [10.8.0.2-254]              | localIP must be an IPv4 address such as
            localIP: 10.8.0.1, pools: [10.8.0.1-254]               | localIP 10.8.0.1 lies inside pools
            localIP: 10.8.0.1, pools: [10.8.0.0/24]                | localIP 10.8.0.1 lies inside pools
            localIP: 10.8.0.1, pools: [10.7.0.0-10.9.0.0]          | localIP 10.8.0.1 lies inside pools
            localIP: 10.8.0.1, pools: [10.8.0.200-100]             | spec.pools[0]: Invalid value: "string": 10.8.0.200-100 ends before it starts
            localIP: 10.8.0.1, pools: [10.9.0.0-10.8.255.255]      | spec.pools[0]: Invalid value: "string": 10.9.0.0-10.8.255.255 ends before it starts
            localIP: 10.8.0.1, pools: [everything]                 | spec.pools[0]: Invalid value: "string": everything is not a range such as
            localIP: 10.8.0.1, pools: [10.8.1.0-256]               | spec.pools[0]: Invalid value: "string": 10.8.1.0-256 is not a range such as
            localIP: 10.8.0.1, pools: [10.8.1.1/24]                | spec.pools[0]: Invalid value: "string": 10.8.1.1/24 is not a range such as
            localIP: 10.8.0.1, pools: [10.8.1.0-10.8.2.0-10.8.3.0] | is not a range such as
            localIP: 10.8.0.1, pools: [10.8.1.1], exclude: [x]     | spec.exclude[0]: Invalid value: "string": x is not a range such as
            localIP: 10.8.0.1, pools: [10.8.1.1], exclude: [10.8.1.9-1] | spec.exclude[0]: Invalid value: "string": 10.8.1.9-1 ends before it starts
            localIP: 10.8.0.1, pools: [10.8.1.1], dns: [one.one]   | spec.dns[0]: Invalid value: "string": one.one is not an IPv4 address
            localIP: 10.8.0.1, pools: [10.8.1.1], dns: [1.1.1.1, 1.0.0.1, 8.8.8.8] | must have at most 2 items
            localIP: 10.8.0.1, pools: [10.8.1.1], useClusterDNS: true, dns: [1.1.1.1, 1.0.0.1] | with useClusterDNS
            localIP: 10.8.0.1, pools: [10.8.1.1], wins: [x]        | spec.wins[0]: Invalid value: "string": x is not an IPv4 address
            localIP: 10.8.0.1, pools: [10.8.1.1], authentication: {methods: [PAP, CHAP-MD5]} | needs MSCHAPv2 or MSCHAPv1
            localIP: 10.8.0.1, pools: [10.8.1.1], authentication: {methods: [PAP, PAP]} | names a method twice
            localIP: 10.8.0.1, pools: [10.8.1.1], authentication: {methods: [SPAP]} | supported values
            localIP: 10.8.0.1, pools: [10.8.1.1], authentication: {methods: [EAP]} | only RADIUS servers speak
            localIP: 10.8.0.1, pools: [10.8.1.1], authentication: {timeout: 0s} | authentication.timeout is 1s to 10m
            localIP: 10.8.0.1, pools: [10.8.1.1], authentication: {timeout: soon} | soon is not a duration such as
            localIP: 10.8.0.1, pools: [10.8.1.1], encryption: {keyLengths: [64]} | holds 128, 56 or 40
            localIP: 10.8.0.1, pools: [10.8.1.1], mtu: 500         | mtu is Auto, or a number from 576 to 1500
            localIP: 10.8.0.1, pools: [10.8.1.1], mtu: big         | mtu is Auto, or a number from 576 to 1500
            localIP: 10.8.0.1, pools: [10.8.1.1], mss: 100         | mss is Auto, "Off" in quotes, or a number from 536 to 1460
            localIP: 10.8.0.1, pools: [10.8.1.1], nat: {excludedDestinations: [10.0.0.1/8]} | 10.0.0.1/8 is not an IPv4 network
            localIP: 10.8.0.1, pools: [10.8.1.1], allowedDestinations: [office] | office is not an IPv4 network
            localIP: 10.8.0.1, pools: [10.8.1.1], hostAccess: [{protocol: TCP}] | TCP and UDP need ports, ICMP takes none
            localIP: 10.8.0.1, pools: [10.8.1.1], hostAccess: [{protocol: ICMP, ports: ["1"]}] | TCP and UDP need ports, ICMP takes none
            localIP: 10.8.0.1, pools: [10.8.1.1], hostAccess: [{protocol: TCP, ports: [9-8]}] | is neither a port such as 443
            localIP: 10.8.0.1, pools: [10.8.1.1], hostAccess: [{protocol: TCP, ports: ["65536"]}] | is neither a port such as 443
            localIP: 10.8.0.1, pools: [10.8.1.1], hostAccess: [{protocol: ICMP, address: 10.8.0}] | hostAccess.address must be an IPv4 address
            localIP: 10.8.0.1, pools: [10.8.1.1], hostAccess: [{protocol: ICMP, address: 127.0.0.1}] | which no client reaches
            localIP: 10.8.0.1, pools: [10.8.1.1], workload: DaemonSet, exposure: {type: PodNetwork} | only makes sense with
            localIP: 10.8.0.1, pools: [10.8.1.1], exposure: {type: AttachedNetwork} | exposure.network names the attached
            localIP: 10.8.0.1, pools: [10.8.1.1], exposure: {addresses: ["$(reboot)"]} | exposure.addresses[0]: Invalid value: "string": $(reboot) is neither
            localIP: 10.8.0.1, pools: [10.8.1.1], exposure: {addresses: [vpn.example.com, "-h"]} | exposure.addresses[1]: Invalid value: "string": -h is neither
            localIP: 10.8.0.1, pools: [10.8.1.1], exposure: {network: lan} | exposure.network names the attached
            localIP: 10.8.0.1, pools: [10.8.1.1], users: {namespaces: ["*", a]} | either * alone or a list of names
            localIP: 10.8.0.1, pools: [10.8.1.1], users: {allowedNetworks: [home]} | allowedNetworks[0]: Invalid value: "string": home is not an IPv4 network
            localIP: 10.8.0.1, pools: [10.8.1.1], users: {allowedNetworks: [10.0.0.0/7]} | allowedNetworks[0]: Invalid value: "string": 10.0.0.0/7 takes in more than a /8
            localIP: 10.8.0.1, pools: [10.8.1.1], log: {debugPeers: [me]} | log.debugPeers[0]: Invalid value: "string": me is not an IPv4 address
            localIP: 10.8.0.1, pools: [10.8.1.1], keepalive: {interval: 2h} | keepalive.interval is 0s (never), or 1s to 1h
            localIP: 10.8.0.1, pools: [10.8.1.1], keepalive: {controlInterval: 0s} | keepalive.controlInterval is 1s to 1h
            localIP: 10.8.0.1, pools: [10.8.1.1], reordering: {delay: 2s} | reordering.delay is 0s to 1s
            localIP: 10.8.0.1, pools: [10.8.1.1], sessionPolicy: {idleTimeout: 100ms} | sessionPolicy.idleTimeout is 0s (never)
            localIP: 10.8.0.1, pools: [10.8.1.1], sessionPolicy: {maxDuration: 9000h} | sessionPolicy.maxDuration is 0s (never)
            localIP: 10.8.0.1, pools: [10.8.1.1], drainTimeout: 2h | drainTimeout is 0s (at once), or 1s to 1h
            localIP: 10.8.0.1, pools: [10.8.1.1], users: {source: Radius} | users.source Radius needs radius.servers, at least one of them with an authenticationPort other than 0
            localIP: 10.8.0.1, pools: [10.8.1.1], users: {source: ResourcesThenRadius}, radius: {servers: [{host: a, authenticationPort: 0, secret: {secretKeyRef: {name: r, key: s}}}]} | users.source ResourcesThenRadius needs radius.servers
            localIP: 10.8.0.1, pools: [10.8.1.1], users: {source: Both} | supported values: "Radius", "Resources", "ResourcesThenRadius"
            localIP: 10.8.0.1, pools: [10.8.1.1], users: {source: Radius}, radius: {timeout: 10s, servers: [{host: a, secret: {secretKeyRef: {name: r, key: s}}}]} | radius.timeout 10s times radius.attempts must be less than authentication.timeout 30s
            localIP: 10.8.0.1, pools: [10.8.1.1], radius: {servers: []} | should have at least 1 items
            localIP: 10.8.0.1, pools: [10.8.1.1], radius: {servers: [{host: a}]} | spec.radius.servers[0].secret: Required value: radius server a needs secret.secretKeyRef
            localIP: 10.8.0.1, pools: [10.8.1.1], radius: {servers: [{host: a, transport: Tls}]} | radius server a: transport Tls needs tls with at least ca; transport Udp takes none
            localIP: 10.8.0.1, pools: [10.8.1.1], radius: {servers: [{host: a, tls: {ca: {secretKeyRef: {name: r, key: c}}}, secret: {secretKeyRef: {name: r, key: s}}}]} | transport Udp takes none
            localIP: 10.8.0.1, pools: [10.8.1.1], radius: {servers: [{host: a, authenticationPort: 0, accountingPort: 0, secret: {secretKeyRef: {name: r, key: s}}}]} | it is good for nothing; set one of them
            localIP: 10.8.0.1, pools: [10.8.1.1], radius: {servers: [{host: a, transport: Tls, accountingPort: 1813, tls: {ca: {secretKeyRef: {name: r, key: c}}}}]} | with transport Tls one connection carries logins and accounting
            localIP: 10.8.0.1, pools: [10.8.1.1], radius: {servers: [{host: a, transport: Tls, tls: {ca: {secretKeyRef: {name: r, key: c}}, certificate: {secretName: A_b}}}]} | A_b cannot be a name
            localIP: 10.8.0.1, pools: [10.8.1.1], radius: {servers: [{host: a, accountingPort: 0, secret: {secretKeyRef: {name: r, key: s}}}]} | radius.accounting is on, but every server has accountingPort 0
            localIP: 10.8.0.1, pools: [10.8.1.1], radius: {servers: [{host: "-a", secret: {secretKeyRef: {name: r, key: s}}}]} | should match
            localIP: 10.8.0.1, pools: [10.8.1.1], radius: {servers: [{host: a, secret: {secretKeyRef: {name: "R!", key: s}}}]} | R! cannot be a name
            localIP: 10.8.0.1, pools: [10.8.1.1], radius: {servers: [{host: a, transport: Tls, tls: {ca: {secretKeyRef: {name: "R!", key: s}}}}]} | R! cannot be a name
            localIP: 10.8.0.1, pools: [10.8.1.1], radius: {timeout: 2m, servers: [{host: a, secret: {secretKeyRef: {name: r, key: s}}}]} | radius.timeout is 1s to 1m
            localIP: 10.8.0.1, pools: [10.8.1.1], radius: {timeout: soon, servers: [{host: a, secret: {secretKeyRef: {name: r, key: s}}}]} | soon is not a duration
            localIP: 10.8.0.1, pools: [10.8.1.1], radius: {deadTime: 2h, servers: [{host: a, secret: {secretKeyRef: {name: r, key: s}}}]} | radius.deadTime is 0s (never passed by), or 1s to 1h
            localIP: 10.8.0.1, pools: [10.8.1.1], radius: {deadTime: 1d, servers: [{host: a, secret: {secretKeyRef: {name: r, key: s}}}]} | 1d is not a duration
            localIP: 10.8.0.1, pools: [10.8.1.1], radius: {attempts: 0, servers: [{host: a, secret: {secretKeyRef: {name: r, key: s}}}]} | greater than or equal to 1
            localIP: 10.8.0.1, pools: [10.8.1.1], radius: {accounting: {interval: 10s}, servers: [{host: a, secret: {secretKeyRef: {name: r, key: s}}}]} | radius.accounting.interval is 0s (none), or 1m to 24h
            localIP: 10.8.0.1, pools: [10.8.1.1], radius: {accounting: {interval: 1d}, servers: [{host: a, secret: {secretKeyRef: {name: r, key: s}}}]} | 1d is not a duration
            localIP: 10.8.0.1, pools: [10.8.1.1], radius: {dynamicAuthorization: {enabled: true, secret: {secretKeyRef: {name: r, key: s}}}, servers: [{host: a, secret: {secretKeyRef: {name: r, key: s}}}]} | radius.dynamicAuthorization.enabled needs clients
            localIP: 10.8.0.1, pools: [10.8.1.1], radius: {dynamicAuthorization: {enabled: true, clients: [10.0.0.5/32]}, servers: [{host: a, secret: {secretKeyRef: {name: r, key: s}}}]} | radius.dynamicAuthorization.enabled needs secret.secretKeyRef
            localIP: 10.8.0.1, pools: [10.8.1.1], radius: {dynamicAuthorization: {clients: [10.0.0.5]}, servers: [{host: a, secret: {secretKeyRef: {name: r, key: s}}}]} | 10.0.0.5 is not an IPv4 network
            localIP: 10.8.0.1, pools: [10.8.1.1], radius: {dynamicAuthorization: {secret: {secretKeyRef: {name: "R!", key: s}}}, servers: [{host: a, secret: {secretKeyRef: {name: r, key: s}}}]} | R! cannot be a name
            localIP: 10.8.0.1, pools: [10.8.1.1], replicas: -1     | should be greater than or equal to 0
            localIP: 10.8.0.1, pools: [10.8.1.1], adminPort: 1723  | adminPort cannot be 1723
            localIP: 10.8.0.1, pools: [10.8.1.1], encryption: {keyLengths: [128, 128]} | names a length twice
            localIP: 127.0.0.1, pools: [10.8.1.1]                  | localIP cannot be the address of a host
            localIP: 224.0.0.1, pools: [10.8.1.1]                  | localIP cannot be the address of a host
            localIP: 10.8.0.1, pools: [127.0.0.0/8]                | spec.pools[0]: Invalid value: "string": 127.0.0.0/8 has addresses that cannot be a host's
            localIP: 10.8.0.1, pools: [10.8.1.1, 127.5.0.0/16]     | spec.pools[1]: Invalid value: "string": 127.5.0.0/16 has addresses that cannot be
            localIP: 10.8.0.1, pools: [126.0.0.0/7]                | spec.pools[0]: Invalid value: "string": 126.0.0.0/7 has addresses that cannot be
            localIP: 10.8.0.1, pools: [126.0.0.0-127.0.0.0]        | spec.pools[0]: Invalid value: "string": 126.0.0.0-127.0.0.0 has addresses that cannot be
            localIP: 10.8.0.1, pools: [127.255.255.255-128.0.0.9]  | spec.pools[0]: Invalid value: "string": 127.255.255.255-128.0.0.9 has addresses that
            localIP: 10.8.0.1, pools: [0.255.255.255]              | spec.pools[0]: Invalid value: "string": 0.255.255.255 has addresses that cannot be
            localIP: 10.8.0.1, pools: [223.0.0.0-224.0.0.0]        | spec.pools[0]: Invalid value: "string": 223.0.0.0-224.0.0.0 has addresses that
            localIP: 10.8.0.1, pools: [255.255.255.255]            | spec.pools[0]: Invalid value: "string": 255.255.255.255 has addresses that cannot be
            localIP: 10.8.0.1, pools: [10.8.1.1], dns: [1.1.1.1, 0.0.0.0] | spec.dns[1]: Invalid value: "string": 0.0.0.0 cannot be the address of a host
            localIP: 10.8.0.1, pools: [10.8.1.1], wins: [239.1.2.3] | spec.wins[0]: Invalid value: "string": 239.1.2.3 cannot be the address of a host
            localIP: 10.8.0.1, pools: [10.8.1.1], wins: [250.1.2.3] | spec.wins[0]: Invalid value: "string": 250.1.2.3 cannot be the address of a host
            localIP: 10.8.0.1, pools: [10.8.1.1], probePort: 1723  | probePort is 0, or a port from 1024 on
            localIP: 10.8.0.1, pools: [10.8.1.1], probePort: 80    | probePort is 0, or a port from 1024 on
            localIP: 10.8.0.1, pools: [10.8.1.1], probePort: 9723  | probePort and adminPort cannot be the same
            localIP: 10.8.0.1, pools: [10.8.1.1], adminPort: 80    | should be greater than or equal to 1024
            localIP: 10.8.0.1, pools: [10.8.1.1], mtu: "1400"      | mtu is Auto, or a number from 576 to 1500 without quotes
            localIP: 10.8.0.1, pools: [10.8.1.1], mtu: auto        | mtu is Auto, or a number
            localIP: 10.8.0.1, pools: [10.8.1.1], mss: "off"       | "Off" in quotes
            localIP: 10.8.0.1, pools: [10.8.1.1], drainTimeout: 1d | 1d is not a duration such as 500ms, 30s, 5m or 1h30m; its units are h, m, s and ms, and a day is 24h
            localIP: 10.8.0.1, pools: [10.8.1.1], keepalive: {interval: 1d} | keepalive.interval: Invalid value: "string": 1d is not a duration
            localIP: 10.8.0.1, pools: [10.8.1.1], keepalive: {controlInterval: 1d} | controlInterval: Invalid value: "string": 1d is not a duration
            localIP: 10.8.0.1, pools: [10.8.1.1], reordering: {delay: 1d} | delay: Invalid value: "string": 1d is not a duration
            localIP: 10.8.0.1, pools: [10.8.1.1], sessionPolicy: {idleTimeout: 1d} | idleTimeout: Invalid value: "string": 1d is not a duration
            localIP: 10.8.0.1, pools: [10.8.1.1], sessionPolicy: {maxDuration: 1d} | maxDuration: Invalid value: "string": 1d is not a duration
            localIP: 10.8.0.1, pools: [10.8.1.1, 10.8.1.1]         | spec.pools[1]: Duplicate value
            localIP: 10.8.0.1, pools: [10.8.1.1], users: {namespaces: [vpn, No_one]} | spec.users.namespaces[1]: Invalid value: "string": No_one cannot be the name of a namespace
            localIP: 10.8.0.1, pools: [10.8.1.1], localIp: 10.8.0.1 | localIp is called localIP now
            localIp: 10.8.0.1, pools: [10.8.1.1]                   | localIp is called localIP now
            localIP: 10.8.0.1, pools: [10.8.1.1], useClusterDns: true | useClusterDns is called useClusterDNS now
            localIP: 10.8.0.1, pools: [10.8.1.1], proxyArp: true   | proxyArp is called proxyARP now
            localIP: 10.8.0.1, pools: [10.8.1.1], precedence: Auto | precedence is called realtimePriority now
            localIP: 10.8.0.1, pools: [10.8.1.1], sessions: {perUser: 1} | sessions is called sessionPolicy now
            localIP: 10.8.0.1, pools: [10.8.1.1], limits: {sessions: 5} | limits.sessions is called limits.maxSessions now
            localIP: 10.8.0.1, pools: [10.8.1.1], packetSockets: Sometimes | supported values
            """;

    private static final String USERS_THAT_CAN_WORK = """
            enabled: true
            username: 'OFFICE\\alice', address: 192.168.10.50, maxSessions: 2
            password: {secretKeyRef: {name: alice, key: password}}
            ntHash: {secretKeyRef: {name: alice, key: nt-hash}}
            servers: [{name: office}, {name: branch, namespace: vpn}]
            validUntil: 2030-01-01T00:00:00Z, allowedSources: [203.0.113.0/24], routes: [192.168.50.0/24]
            rateLimit: {upload: 2.5M, download: 10M}
            rateLimit: {download: 100G, burst: 10s}
            rateLimit: {upload: '8000', burst: 10ms}
            """;

    private static final String USERS_THAT_CANNOT = """
            password: {secretKeyRef: {name: a, key: p}}, ntHash: {secretKeyRef: {name: a, key: h}} | password and ntHash are two
            password: {secretKeyRef: {name: a}}      | secretKeyRef.key: Required value
            password: {}                             | secretKeyRef: Required value
            username: ' alice'                       | should match
            address: 192.168.10                      | address must be an IPv4 address such as
            address: 127.0.0.5                       | address cannot be the address of a host
            allowedSources: [203.0.113.7/24]         | allowedSources[0]: Invalid value: "string": 203.0.113.7/24 is not an IPv4 network
            routes: [home]                           | routes[0]: Invalid value: "string": home is not an IPv4 network
            routes: [0.0.0.0/0]                      | routes[0]: Invalid value: "string": 0.0.0.0/0 takes in more than a /8
            routes: [10.0.0.0/8, 128.0.0.0/1]        | routes[1]: Invalid value: "string": 128.0.0.0/1 takes in more than a /8
            validUntil: tomorrow                     | validUntil
            servers: [{namespace: vpn}]              | name: Required value
            sessions: 2                              | sessions is called maxSessions now
            password: {secretKeyRef: {name: Not_ok, key: p}} | Not_ok cannot be a name
            ntHash: {secretKeyRef: {name: Not_ok, key: p}}   | Not_ok cannot be a name
            maxSessions: -1                          | should be greater than or equal to 0
            rateLimit: {}                            | rateLimit needs upload, download or both
            rateLimit: {upload: 7999}                | rateLimit.upload: Invalid value
            rateLimit: {upload: '7999'}              | rateLimit.upload is 8k to 100G
            rateLimit: {download: 101G}              | rateLimit.download is 8k to 100G
            rateLimit: {download: 10Mbit}            | rateLimit.download in body should match
            rateLimit: {download: 10M, burst: 1h}    | rateLimit.burst is 10ms to 10s
            rateLimit: {download: 10M, burst: soon}  | soon is not a duration such as
            """;

    private static final Map<String, String> THAT_CAN_WORK = Map.of("PptpServer", SERVERS_THAT_CAN_WORK, "VpnUser",
            USERS_THAT_CAN_WORK, "VpnProfile", PROFILES_THAT_CAN_WORK);
    private static final Map<String, String> THAT_CANNOT = Map.of("PptpServer", SERVERS_THAT_CANNOT, "VpnUser",
            USERS_THAT_CANNOT, "VpnProfile", PROFILES_THAT_CANNOT);

    private static TestCluster cluster;
    private static KubernetesClient client;

    @BeforeAll
    static void connect() {
        cluster = TestCluster.shared();
        client = cluster.client();
    }

    @AfterAll
    static void close() {
        client.close();
    }

    /** What is said to be wrong; before it API servers up to 1.34 name the value's type, newer ones the value. */
    private static String said(String message) {
        return message.replaceAll("Invalid value: (\"[^\"]*\": )?", "Invalid value: ");
    }

    private static void assertRefused(String kind, String spec, String reason) {
        assertThatThrownBy(() -> create(kind, spec)).isInstanceOf(KubernetesClientException.class)
                .satisfies(it -> assertThat(said(it.getMessage())).contains(said(reason)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = SERVERS_THAT_CAN_WORK)
    void aServerThatCanWorkIsAccepted(String spec) {
        assertThat(create("PptpServer", spec).getMetadata().getUid()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = SERVERS_THAT_CANNOT)
    void aServerThatCannotWorkIsRefusedWithTheReason(String spec, String reason) {
        assertRefused("PptpServer", spec, reason);
    }

    static Stream<EmbeddedRows.Refused> refusedByKubernetes() {
        return EmbeddedRows.refused();
    }

    @ParameterizedTest
    @MethodSource("refusedByKubernetes")
    void whatKubernetesWouldRefuseInAPodIsRefusedWithWhatWouldBeRight(EmbeddedRows.Refused row) {
        assertRefused("PptpServer", row.spec(), row.reason());
    }

    static Stream<String> acceptedByKubernetes() {
        return EmbeddedRows.accepted();
    }

    @ParameterizedTest
    @MethodSource("acceptedByKubernetes")
    void whatKubernetesTakesInAPodIsAccepted(String spec) {
        assertThat(create("PptpServer", spec).getMetadata().getUid()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "office-2", "a12345678901234567890123456789012345678901234"})
    void aServersNameFitsWhatIsNamedAfterIt(String name) {
        assertThat(create("PptpServer", name, "localIP: 10.8.0.1, pools: [10.8.1.1]").getMetadata().getUid())
                .isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1st", "vpn.office", "a123456789012345678901234567890123456789012345"})
    void aServersNameThatDoesNotFitIsRefused(String name) {
        assertThatThrownBy(() -> create("PptpServer", name, "localIP: 10.8.0.1, pools: [10.8.1.1]"))
                .hasMessageContaining("metadata.name must be 1 to 45 lower-case letters");
    }

    @Test
    void aUsersNameFitsTheSecretThatIsNamedAfterIt() {
        String ownPassword = "password: {secretKeyRef: {name: alice, key: password}}";
        assertThat(create("VpnUser", "a".repeat(249), "enabled: true").getMetadata().getUid()).isNotBlank();
        assertThat(create("VpnUser", "a".repeat(253), ownPassword).getMetadata().getUid()).isNotBlank();
        assertThatThrownBy(() -> create("VpnUser", "a".repeat(250), "enabled: true"))
                .hasMessageContaining("metadata.name must have 249 characters at most");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = PROFILES_THAT_CAN_WORK)
    void aProfileThatCanWorkIsAccepted(String spec) {
        assertThat(create("VpnProfile", spec).getMetadata().getUid()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = PROFILES_THAT_CANNOT)
    void aProfileThatCannotWorkIsRefusedWithTheReason(String spec, String reason) {
        assertRefused("VpnProfile", spec, reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = USERS_THAT_CAN_WORK)
    void aUserThatCanWorkIsAccepted(String spec) {
        assertThat(create("VpnUser", spec).getMetadata().getUid()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = USERS_THAT_CANNOT)
    void aUserThatCannotWorkIsRefusedWithTheReason(String spec, String reason) {
        assertRefused("VpnUser", spec, reason);
    }

    /** A rule that nobody breaks might as well not be there; one that nobody keeps might refuse everything. */
    @ParameterizedTest
    @CsvSource({"PptpServer, pptpservers", "VpnUser, vpnusers", "VpnProfile, vpnprofiles"})
    void everyRuleIsBrokenByOneCaseAndKeptByAnother(String kind, String plural) {
        List<String> refusals = refusals(kind);
        List<JsonNode> accepted = Stream.concat(THAT_CAN_WORK.get(kind).lines(), EmbeddedRows.accepted())
                .map(CrdRulesIT::spec)
                .toList();
        List<CrdRule> rules = CrdRule.of(plural);

        assertThat(rules).hasSizeGreaterThan(3);
        assertThat(rules.stream().filter(rule -> refusals.stream().noneMatch(it -> rule.message().matcher(it).find())))
                .as("rules that no case breaks")
                .isEmpty();
        assertThat(rules.stream().filter(rule -> accepted.stream().noneMatch(rule::concerns)))
                .as("rules without a good value")
                .isEmpty();
    }

    private static List<String> refusals(String kind) {
        List<String> refusals = new ArrayList<>();
        THAT_CANNOT.get(kind)
                .lines()
                .map(line -> line.substring(0, line.indexOf(" | ")))
                .forEach(spec -> refusals.add(refusal(kind, "test", spec)));
        if (kind.equals("PptpServer")) {
            EmbeddedRows.refused().forEach(row -> refusals.add(refusal(kind, "test", row.spec())));
            refusals.add(refusal(kind, "1st", SERVERS_THAT_CAN_WORK.lines().findFirst().orElseThrow()));
        } else if (kind.equals("VpnUser")) {
            refusals.add(refusal(kind, "a".repeat(250), "enabled: true"));
        }
        return refusals;
    }

    private static String refusal(String kind, String name, String spec) {
        try {
            create(kind, name, spec);
            throw new AssertionError("accepted: " + spec);
        } catch (KubernetesClientException e) {
            return e.getMessage();
        }
    }

    private static JsonNode spec(String flow) {
        try {
            return new YAMLMapper().readTree("{" + flow + "}");
        } catch (JsonProcessingException e) {
            throw new AssertionError(flow, e);
        }
    }

    @Test
    void kubectlExplainsEveryField() {
        assertThat(cluster.kubectl("explain", "pptps.spec.pools")).contains("in the syntax of pptpd's remoteip",
                "<[]string>");
        assertThat(cluster.kubectl("explain", "pptps")).contains("A PPTP server: one or several pods");
        assertThat(cluster.kubectl("explain", "vpnp.spec.hours")).contains("When its users may be logged in", "windows",
                "timeZone");
        assertThat(cluster.kubectl("explain", "vpnp")).contains("What many VpnUsers may have");
        assertThat(Stream.of(cluster.kubectl("explain", "vpnu.spec", "--recursive").split("\n")))
                .anySatisfy(line -> assertThat(line).contains("validUntil").contains("<string>"));
    }

    private static GenericKubernetesResource create(String kind, String spec) {
        return create(kind, "test", spec);
    }

    private static GenericKubernetesResource create(String kind, String name, String spec) {
        String yaml = """
                apiVersion: pptp-operator.io/v1alpha1
                kind: %s
                metadata: {name: %s, namespace: default}
                spec: {%s}
                """.formatted(kind, name, spec.strip());
        return (GenericKubernetesResource) client.resource(yaml).dryRun().create();
    }
}
