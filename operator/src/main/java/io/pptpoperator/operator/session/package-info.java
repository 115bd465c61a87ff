/**
 * What pods report of their sessions and logins, limits over several pods, and orders to disconnect.
 *
 * <p>{@code AdminClient} alone asks pods; the rest are functions over what they answered.
 */
package io.pptpoperator.operator.session;
