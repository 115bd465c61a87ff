package io.pptpoperator.dataplane.interop;

import io.pptpoperator.dataplane.interop.lab.Dial;
import io.pptpoperator.dataplane.interop.lab.Lab;

/** What most of these tests configure the server with, and how its two users dial in. */
final class Configuration {

    /** The server's end of every tunnel. */
    static final String TUNNEL = "192.168.10.1";

    /** The smallest configuration with DNS: MS-CHAPv2 with MPPE-128 only, since those are the defaults. */
    static final String SERVER = """
            localIP: 192.168.10.1
            pools: ["192.168.10.100-200"]
            dns: ["203.0.113.53"]
            """;

    /** Two users. */
    static final String USERS = """
            users:
              - username: alice
                password: "secret-a"
              - username: bob
                password: "secret-b"
            """;

    /** Alice's login, with nothing but her name and password: pppd lets the server choose the rest. */
    static final Dial ALICE_AS_IS = Dial.to(Lab.SERVER, "alice", "secret-a");

    /** Alice's login; her client insists on MPPE-128. */
    static final Dial ALICE = ALICE_AS_IS.with("require-mppe-128");

    /** Bob's login; his client insists on MPPE-128. */
    static final Dial BOB = Dial.to(Lab.SERVER, "bob", "secret-b").with("require-mppe-128");

    private Configuration() {}
}
