package io.pptpoperator.kubectl.doctor;

import io.pptpoperator.operator.roster.PasswordMark;
import io.pptpoperator.operator.roster.SecretMark;
import java.util.List;

/** What to do about a condition's reason; docs/troubleshooting.md says the same at length. */
final class Remedies {

    private static final String DESCRIBE = "kubectl describe pod, at its end";

    private Remedies() {}

    /**
     * As {@link #of(String)}; of reasons with many causes, what helps against the one that the message tells.
     *
     * @param message the condition's
     */
    static List<String> of(String reason, String message) {
        return reason.equals("PodNotStarting") ? ofPod(message) : of(reason);
    }

    private static List<String> ofPod(String message) {
        if (message.contains("/dev/net/tun")) {
            return List.of("on the node: modprobe tun (for good: echo tun > /etc/modules-load.d/tun.conf)");
        }
        if (message.contains("OOMKilled")) {
            return List
                    .of("raise pod.resources.limits.memory, or lower limits.maxSessions: docs/installation.md has what"
                            + " sessions need");
        }
        if (message.contains("cannot listen on")) {
            return List.of(
                    "as root on the node: ss -ltnp says which program has the port; end it, or choose other nodes",
                    "for the administration port there are adminPort and probePort");
        }
        if (message.contains("Image") || message.contains("image")) {
            return List.of("an image that cannot be pulled: spec.image, pod.imagePullSecrets", DESCRIBE);
        }
        return List.of("kubectl logs --previous of the pod says more", DESCRIBE);
    }

    /**
     * What to do about a RADIUS server.
     *
     * @param reason of the condition RadiusReachable
     */
    static List<String> ofRadius(String reason) {
        return switch (reason) {
            case "NoAnswer" -> List.of(
                    "is it running, and does it take requests of the nodes' addresses? FreeRADIUS: clients.conf; NPS: RADIUS clients",
                    "a wrong shared secret looks the same: servers answer such requests with silence",
                    "firewalls: UDP to its ports, and back");
            case "MessageAuthenticatorMissing" ->
                List.of("have the server send it: the message has the line for FreeRADIUS; docs/radius.md says where",
                        "for a server that cannot: radius.requireMessageAuthenticator: false, or transport Tls");
            case "NotBelieved" -> List.of("compare the shared secret with the server's, letter for letter",
                    "something else answers in its name: a proxy, or somebody on the way");
            case "ConnectionFailed" -> List.of("the server's port for RadSec (2083), and firewalls on the way",
                    "tls.ca must have issued its certificate, which must name tls.serverName (or host)",
                    "a server that wants a client certificate: tls.certificate");
            case "NameNotFound" -> List.of("correct radius.servers[].host, or give its address");
            case "TooManyRequests" -> List.of("the server is too slow for the logins there are: add another one");
            case "ImageTooOld" -> List.of("leave spec.image out, or name an image of this release");
            case "SecretNotFound" ->
                List.of("create the Secret in the PptpServer's namespace, with the label " + SecretMark.RADIUS.label()
                        + "=" + SecretMark.VALUE, "or label it, if it is there: the message says how");
            case "SecretKeyNotFound" ->
                List.of("correct the key in secretKeyRef; kubectl describe secret lists those there are");
            case "InvalidSecret" -> List.of("the message says what would be right");
            default -> List.of();
        };
    }

    /**
     * What to do, the likeliest first; nothing for reasons that are no trouble.
     *
     * @param reason of a condition of a PptpServer or a VpnUser
     */
    static List<String> of(String reason) {
        return switch (reason) {
            case "InvalidSpec" -> List.of("correct the field that the message names");
            case "NameTaken" -> List.of("delete or rename the object that the message names; it is not the operator's");
            case "ConfigurationTooLarge", "ConfigurationFull" ->
                List.of("divide the users among several PptpServers, with users.selector or the users' servers field");
            case "ObjectRefused" ->
                List.of("the message is the API server's own: often a quota, an admission policy, or"
                        + " an operator older than its roles");
            case "NotReconciled" -> List.of("the condition Reconciled says what is wrong");
            case "ApiServerFails" ->
                List.of("the message is the API server's own; its logs, and those of admission webhooks, say more");
            case "ImageNotPulled" -> List.of(
                    "correct spec.image, or have the registry and pod.imagePullSecrets give it:"
                            + " the pods are replaced as soon as their nodes have it",
                    "the pods that run go on until then");
            case "NoNodeMatches" -> List.of("kubectl get nodes --show-labels, and compare with pod.nodeSelector",
                    "nodes with taints need pod.tolerations");
            case "ScaledToZero" -> List.of("kubectl scale pptpserver NAME --replicas 1");
            case "PodNotScheduled" ->
                List.of("on the host network no two PPTP servers share a node: add nodes, or lower" + " replicas",
                        "pod.nodeSelector, pod.tolerations and the pod's requests: do any nodes fit?");
            case "PodNotStarting" -> List.of("an image that cannot be pulled: spec.image, pod.imagePullSecrets",
                    "/dev/net/tun missing on the node: modprobe tun there", "kubectl describe pod, at its end");
            case "NoPods", "PodForbidden" ->
                List.of("label the namespace, if the message is about Pod Security: kubectl label namespace"
                        + " NAMESPACE pod-security.kubernetes.io/enforce=privileged");
            case "PodNotEnding" -> List.of("bring the pod's node back",
                    "once that node is off for certain: kubectl delete node NODE, and the pod is made anew elsewhere");
            case "PodsStarting" -> List.of("wait a little",
                    "kubectl describe pod, at its end: without /dev/net/tun on"
                            + " the node (modprobe tun there) its volume cannot be mounted",
                    "kubectl logs: the server's first lines say what it lacks");
            case "NoIpv4Address" -> List.of("name an IPv4 address that leads to the node in exposure.addresses",
                    "give the node an IPv4 address: PPTP and its GRE are IPv4");
            case "NoAddress" -> List.of("name what clients dial in exposure.addresses",
                    "with an attached network: does the pod have the annotation k8s.v1.cni.cncf.io/network-status?");
            case "SomeRejected" -> List.of("kubectl get vpnusers -o wide shows whom and why");
            case "PoolTooSmall", "PoolExhausted", "FewerAddressesThanUsers" -> List.of("add addresses to pools");
            case "FormerNames" ->
                List.of("write the names that it lists, and kubectl replace the resource; docs/upgrade.md has a table");
            case "Applying" ->
                List.of("normal for a few seconds; for longer: is the operator running, and does the node's"
                        + " kubelet answer?");
            case "Disabled" -> List.of("set enabled: true in the VpnUser");
            case "Expired" -> List.of("move validUntil of the VpnUser into the future");
            case "BeingDeleted" ->
                List.of("it is gone once its finalizers are: kubectl get -o yaml shows them under metadata.finalizers");
            case "ServerBeingDeleted" ->
                List.of("name another server in spec.servers of the VpnUser, or make the server anew once it is gone");
            case "NoServer" -> List.of("the server's users field (selector, namespaces) has to select the VpnUser");
            case "NoConsent" -> List.of("name the server in spec.servers of the VpnUser, with its namespace",
                    "or let somebody who may edit Namespaces label this one: the message says how");
            case "ServerNotFound" ->
                List.of("correct servers of the VpnUser: name, and namespace if it is another one");
            case "NotForThisNamespace" -> List.of("correct servers of the VpnUser: name and namespace",
                    "the server's users.namespaces has to have the VpnUser's namespace");
            case "NotApplied" -> List.of(
                    "the PptpServer's condition Reconciled says what keeps its configuration" + " from being written");
            case "NotSelected" -> List.of("the server's users field (selector, namespaces) has to select the VpnUser,"
                    + " beside the VpnUser naming the server");
            case "PasswordNotGenerated" -> List.of("normal for a few seconds; for longer: is the operator running?");
            case "SecretNotFound" -> List.of(
                    "create the Secret in the VpnUser's own namespace, with the label " + PasswordMark.LABEL + "="
                            + PasswordMark.VALUE,
                    "or label it, if it is there: the message says how",
                    "or leave password out: then one is generated");
            case "SecretKeyNotFound" ->
                List.of("correct the key in secretKeyRef; kubectl describe secret lists those there are");
            case "InvalidPassword" -> List.of("a password is 1 to 256 characters of UTF-8 text");
            case "InvalidNtHash" -> List.of("an NT hash is 32 hexadecimal digits");
            case "PasswordNeeded" ->
                List.of("give the password instead of its NT hash, or allow MSCHAPv2 at the server");
            case "DuplicateUsername", "DuplicateAddress", "DuplicateRoute" ->
                List.of("change it, or delete the older VpnUser that the message names");
            case "AddressNotAllowed", "RouteNotAllowed" -> List.of("let somebody who may edit the PptpServer add it"
                    + " to users.allowedNetworks, if no host outside the VPN has it");
            case "ProfileNotFound" -> List.of(
                    "correct profile of the VpnUser: kubectl get vpnprofiles lists those there are",
                    "the VpnProfile has to be in the PptpServer's namespace; if users.defaultProfile names it, correct that");
            case "ProfileNotAllowed" -> List.of("name one of those that the message lists in profile of the VpnUser",
                    "or let somebody who may edit the PptpServer add it to users.allowedProfiles");
            case "InvalidProfile" -> List.of("correct the field of the VpnProfile that the message names",
                    "kubectl get vpnprofiles -o wide shows which ones can be used");
            case "OutsideServersDestinations" ->
                List.of("take the networks that the message names out of the VpnProfile's allowedDestinations",
                        "or let somebody who may edit the PptpServer add them to its allowedDestinations");
            case "AddressIsServers" -> List.of("choose another address than the server's localIP");
            default -> List.of();
        };
    }
}
