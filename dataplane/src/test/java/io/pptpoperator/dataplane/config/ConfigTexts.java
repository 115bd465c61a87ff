package io.pptpoperator.dataplane.config;

import java.util.List;

/** Configurations that several tests read. */
final class ConfigTexts {

    /** The documented example: every setting but the two required ones at its default. */
    static final String ALL_DEFAULTS = """
            # server.yaml
            name: pptp                      # host name
            listen:
              address: 0.0.0.0
              port: 1723
            tun: pptpd0
            localIP: 192.168.10.1
            pools: ["192.168.10.100-200"]
            exclude: []
            dns: []
            wins: []
            routes:
              push: []
              domain: null
            mtu: Auto
            mss: Auto
            fragmentOversized: true
            isolateClients: true
            allowedDestinations: []
            hostAccess: []
            proxyARP: false
            nat:
              enabled: true
              uplink: null
              excludedDestinations: []
            authentication:
              methods: [MSCHAPv2]
              retries: 2
              timeout: 30s
            encryption:
              policy: Required
              keyLengths: [128]
              allowStateful: false
            keepalive:
              interval: 20s
              failures: 6
              controlInterval: 60s
            reordering:
              packets: 64
              delay: 50ms
            limits:
              maxSessions: 10000
              pendingConnections: 512
              connectionsPerSource: 64
              connectionsPerSecond: 100
            sessionPolicy:
              perUser: 1
              whenExceeded: Replace
              idleTimeout: 0s
              maxDuration: 0s
            adminAddress: 127.0.0.1
            adminPort: 9723
            adminTLS: null
            drainTimeout: 30s
            log:
              level: Info
              format: Text
              debugPeers: []
            workers: 0
            offload: Auto
            packetSockets: Auto
            xdpSockets: Never
            realtimePriority: Never
            cpuAffinity: false
            """;

    /** Every setting at another value than its default. */
    static final String NOTHING_DEFAULT = """
            name: vpn1
            listen: {address: 192.0.2.1, port: 1724}
            tun: vpn0
            localIP: 10.0.0.1
            pools: [10.0.0.2-99, 10.8.0.0/24]
            exclude: 10.8.0.1
            dns: [9.9.9.9, 1.1.1.1]
            wins: [10.1.1.1]
            routes: {push: [10.0.0.0/8, 172.16.0.0/12], domain: corp.example.com}
            mtu: 1300
            mss: 1200
            fragmentOversized: false
            isolateClients: false
            allowedDestinations: [10.0.0.0/8]
            hostAccess:
              - {address: 192.0.2.1, protocol: TCP, ports: [443, 30000-32767]}
              - protocol: ICMP
            proxyARP: true
            nat:
              enabled: false
              uplink: eth7
              excludedDestinations: [172.16.0.0/12]
            authentication: {methods: [PAP, CHAP-MD5, MSCHAPv2], retries: 0, timeout: 45s}
            encryption: {policy: Preferred, keyLengths: [40, 128, 56], allowStateful: true}
            keepalive: {interval: 0s, failures: 3, controlInterval: 1m30s}
            reordering: {packets: 0, delay: 20ms}
            limits: {maxSessions: 10, pendingConnections: 20, connectionsPerSource: 30, connectionsPerSecond: 40}
            sessionPolicy: {perUser: 0, whenExceeded: Deny, idleTimeout: 30m, maxDuration: 1h30m}
            adminAddress: 0.0.0.0
            adminPort: 9000
            adminTLS: {certificate: /tls/tls.crt, key: /tls/tls.key, clientCA: /tls/ca.crt}
            drainTimeout: 5m
            log: {level: Debug, format: Json, debugPeers: [203.0.113.5]}
            workers: 2
            offload: Never
            packetSockets: Always
            xdpSockets: Auto
            realtimePriority: Auto
            cpuAffinity: true
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
                maxSessions: 3
                rateLimit: {upload: 2500k, download: 10M, burst: 500ms}
                profile: warehouse
                overQuota: true
              - username: bob
                ntHash: 8846F7EAEE8FB117AD06BDD830B7586C
                maxSessions: null
            """;

    /** How RADIUS servers are asked, every setting at another value than its default. */
    static final String RADIUS = """
            source: ResourcesThenRadius
            servers:
              - host: radius.example.com
                secret: "se:cret #1"
                authenticationPort: 1645
                accountingPort: 0
                priority: 1
              - host: 192.0.2.7
                transport: Tls
                tls:
                  ca: |
                    -----BEGIN CERTIFICATE-----
                    MIIB
                    -----END CERTIFICATE-----
                  certificate: "-----BEGIN CERTIFICATE-----"
                  key: "-----BEGIN PRIVATE KEY-----"
                  serverName: radius.example.com
            timeout: 2s
            attempts: 4
            deadTime: 0s
            requireMessageAuthenticator: false
            nasIdentifier: vpn/office/{member}
            accounting: {enabled: false, interval: 5m, whenUnreachable: Refuse}
            dynamicAuthorization: {enabled: true, port: 1700, clients: [10.0.0.5/32], secret: other}
            """;

    /** Profiles, every setting of the first at another value than its default. */
    static final String PROFILES = """
            profiles:
              - name: warehouse
                allowedDestinations: [10.20.0.0/16, 192.0.2.0/24]
                isolateClients: true
                dns: [10.20.0.53]
                wins: [10.20.0.54]
                sessionPolicy: {perUser: 2, idleTimeout: 10m, maxDuration: 0s}
                rateLimit: {upload: 2M, download: 10M, burst: 1s}
                hours:
                  timeZone: Europe/Berlin
                  windows: ["Mon-Fri 08:00-18:00", "Sat,Sun 22:00-06:00"]
                routes: {push: [10.20.0.0/16, 0.0.0.0/0], domain: corp.example.com}
              - name: plain
            """;

    private static final String SERVER = "{localIP: 192.168.10.1, pools: [192.168.10.100-200]}";

    /** What a text of {@code users.yaml} says. */
    static List<UserConfig> users(String usersYaml) {
        return ConfigReader.parse(SERVER, usersYaml).users();
    }

    private ConfigTexts() {}
}
