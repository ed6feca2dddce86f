module github.com/ikediag/ikediag

go 1.26.0
