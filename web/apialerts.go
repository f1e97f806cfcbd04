package web

import "bidfit/alerts"

// alertList is how the subscriptions of a profile stand.
func (c *apiCall) alertList() (alerts.Overview, error) {
	engine, err := c.alerting()
	if err != nil {
		return alerts.Overview{}, err
	}
	return engine.Overview(c.ctx(), c.profile(), c.number("limit"), c.now())
}

// alertOne is how one stands.
func (c *apiCall) alertOne() (alerts.Standing, error) {
	engine, err := c.alerting()
	if err != nil {
		return alerts.Standing{}, err
	}
	return engine.Standing(c.ctx(), c.profile(), c.r.PathValue("alert"), c.number("limit"), c.now())
}

// addAlertOne makes a subscription; what nobody is told again is in the answer.
func (c *apiCall) addAlertOne(w alerts.Wish) (alerts.Opened, error) {
	engine, err := c.alerting()
	if err != nil {
		return alerts.Opened{}, err
	}
	return engine.Open(c.ctx(), c.profile(), w, c.Who, c.base(c.r), c.now())
}

// putAlert has a subscription say what is sent, all of it.
func (c *apiCall) putAlert(w alerts.Wish) (alerts.Subscription, error) {
	engine, err := c.alerting()
	if err != nil {
		return alerts.Subscription{}, err
	}
	return engine.Revise(c.ctx(), c.profile(), c.r.PathValue("alert"), w, c.Who)
}

// nothing is a body in which nothing can be said.
type nothing struct{}

// testAlert sends a test.
func (c *apiCall) testAlert(nothing) (alerts.Tested, error) {
	engine, err := c.alerting()
	if err != nil {
		return alerts.Tested{}, err
	}
	return engine.Test(c.ctx(), c.profile(), c.r.PathValue("alert"), c.now())
}

// removeAlert removes a subscription.
func (c *apiCall) removeAlert() error {
	engine, err := c.alerting()
	if err != nil {
		return err
	}
	_, err = engine.Close(c.ctx(), c.profile(), c.r.PathValue("alert"))
	return err
}
