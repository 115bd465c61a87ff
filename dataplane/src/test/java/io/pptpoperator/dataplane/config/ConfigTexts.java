package io.pptpoperator.dataplane.config;

/** Configurations that several tests read. */
final class ConfigTexts {

    /** The documented example: every setting but the two required ones at its default. */
    static final String ALL_DEFAULTS = """
            # server.yaml
            name: pptp                      # host name
            listen:
              address: 0.0.0.0
              port: 1723
            network:
              tun: pptpd0
              localAddress: 192.168.10.1
              pools: ["192.168.10.100-200"]
              exclude: []
              dns: []
              wins: []
              mtu: auto
              mss: auto
              fragmentOversized: true
              clientToClient: false
              allowedDestinations: []
              hostAccess: []
              proxyArp: false
              nat:
                enabled: true
                uplink: auto
                excludeDestinations: []
            authentication:
              methods: [mschapv2]
              retries: 2
              timeout: 30s
            encryption:
              policy: required
              keyLengths: [128]
              stateful: false
            ppp:
              echoInterval: 20s
              echoFailures: 6
            gre:
              reorderPackets: 64
              reorderDelay: 50ms
            control:
              echoInterval: 60s
            limits:
              sessions: 10000
              pendingConnections: 512
              connectionsPerSource: 64
              connectionsPerSecond: 100
            sessions:
              perUser: 1
              whenExceeded: replace
              idleTimeout: 0s
              maxDuration: 0s
            admin:
              address: 127.0.0.1
              port: 9723
              tls: null
            drain:
              timeout: 30s
            log:
              level: info
              format: text
              debugPeers: []
            datapath:
              workers: 0
              offload: auto
              packetSocket: auto
              precedence: off
              pinned: false
            """;

    /** Every setting at another value than its default. */
    static final String NOTHING_DEFAULT = """
            name: vpn1
            listen: {address: 192.0.2.1, port: 1724}
            network:
              tun: vpn0
              localAddress: 10.0.0.1
              pools: [10.0.0.2-99, 10.8.0.0/24]
              exclude: 10.8.0.1
              dns: [9.9.9.9, 1.1.1.1]
              wins: [10.1.1.1]
              mtu: 1300
              mss: 1200
              fragmentOversized: false
              clientToClient: true
              allowedDestinations: [10.0.0.0/8]
              hostAccess:
                - {address: 192.0.2.1, protocol: tcp, ports: [443, 30000-32767]}
                - protocol: icmp
              proxyArp: true
              nat:
                enabled: false
                uplink: eth7
                excludeDestinations: [172.16.0.0/12]
            authentication: {methods: [pap, chap-md5, mschapv2], retries: 0, timeout: 45s}
            encryption: {policy: preferred, keyLengths: [40, 128, 56], stateful: true}
            ppp: {echoInterval: 0s, echoFailures: 3}
            gre: {reorderPackets: 0, reorderDelay: 20ms}
            control: {echoInterval: 1m30s}
            limits: {sessions: 10, pendingConnections: 20, connectionsPerSource: 30, connectionsPerSecond: 40}
            sessions: {perUser: 0, whenExceeded: deny, idleTimeout: 30m, maxDuration: 1h30m}
            admin:
              address: 0.0.0.0
              port: 9000
              tls: {certificate: /tls/tls.crt, key: /tls/tls.key, clientCa: /tls/ca.crt}
            drain: {timeout: 5m}
            log: {level: debug, format: json, debugPeers: [203.0.113.5]}
            datapath: {workers: 2, offload: off, packetSocket: always, precedence: auto, pinned: true}
            """;

    static final String USERS = """
            users:
              - username: alice
                password: "secret"
                enabled: true
                validUntil: 2027-01-01T00:00:00Z
                address: 192.168.10.50
                allowedSources: [203.0.113.0/24]
                routes: [10.9.0.0/16]
                sessions: 3
              - username: bob
                ntHash: 8846F7EAEE8FB117AD06BDD830B7586C
                sessions: null
            """;

    private ConfigTexts() {}
}
