/**
 * {@code kubectl pptp profile}: a user's settings in the form that a device wants them. One class for each device,
 * each a function to text.
 */
package io.pptpoperator.kubectl.profile;
