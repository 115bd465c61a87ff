package io.pptpoperator.protocol.control;

/**
 * What the client sends and how patient it is. All times are milliseconds.
 *
 * @param start sent as soon as the TCP connection is there
 * @param call sent as soon as the control connection is established; its Call ID is the client's
 * @param echoInterval after this much silence an Echo-Request is sent, and after as much again the connection is
 *     closed; 0 means never
 * @param replyTimeout how long the server may take for each of the two replies
 * @param stopTimeout how long a Call-Disconnect-Notify, and then a Stop-Control-Connection-Reply, is waited for
 */
public record PnsSettings(StartControlConnectionRequest start, OutgoingCallRequest call, long echoInterval,
        long replyTimeout, long stopTimeout) {

    /**
     * The values a Windows 10 client sends (MS-PTPT section 4), under our own vendor's name: every server is used to
     * them.
     *
     * @param callId the client's identifier of the call, unique among all calls to this server
     */
    public static PnsSettings windowsLike(int callId) {
        var start = new StartControlConnectionRequest(ControlMessage.VERSION, Framing.ASYNCHRONOUS, Bearer.ANALOG, 0, 0,
                TextField.EMPTY, new TextField("pptp-operator"));
        var call = new OutgoingCallRequest(callId, 1, 300, 100_000_000, Bearer.ANY, Framing.EITHER, 64, 0,
                TextField.EMPTY, TextField.EMPTY);
        return new PnsSettings(start, call, 60_000, 60_000, 5_000);
    }
}
